#include <muster/runtime/loop.hpp>

#include <optional>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace muster {

namespace asio = boost::asio;

struct Loop::Impl {
    asio::io_context context{1};
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work{
        asio::make_work_guard(context)};
};

namespace {

class LoopTimer final : public Timer {
public:
    LoopTimer(asio::io_context& context, UniqueFunction<void()> fire)
        : shared_(std::make_shared<Shared>(context, std::move(fire))) {}
    ~LoopTimer() override { LoopTimer::disarm(); }
    LoopTimer(LoopTimer const&) = delete;
    LoopTimer& operator=(LoopTimer const&) = delete;

    void arm(SteadyTime at) override {
        auto& shared = *shared_;
        auto const generation = ++shared.generation;
        shared.timer.expires_at(at);
        shared.timer.async_wait(
            [held = shared_, generation](boost::system::error_code const& error) {
                // A wait that already fired cannot be cancelled any more: the generation tells.
                if (!error && held->generation == generation) {
                    held->fire();
                }
            });
    }

    void disarm() override {
        ++shared_->generation;
        shared_->timer.cancel();
    }

private:
    /// Outlives the timer while a wait is on its way: the function may destroy its own timer.
    struct Shared {
        Shared(asio::io_context& context, UniqueFunction<void()> function)
            : timer(context), fire(std::move(function)) {}

        asio::steady_timer timer;
        UniqueFunction<void()> fire;
        std::uint64_t generation{0};
    };

    std::shared_ptr<Shared> shared_;
};

}  // namespace

Loop::Loop() : impl_(std::make_unique<Impl>()) {}
Loop::~Loop() = default;

asio::io_context& Loop::context() noexcept {
    return impl_->context;
}

std::unique_ptr<Timer> Loop::make(UniqueFunction<void()> fire) {
    return std::make_unique<LoopTimer>(impl_->context, std::move(fire));
}

void Loop::post(UniqueFunction<void()> function) {
    asio::post(impl_->context, std::move(function));
}

void Loop::run() {
    impl_->context.run();
}

void Loop::finish() {
    asio::post(impl_->context, [this] { impl_->work.reset(); });
}

}  // namespace muster
