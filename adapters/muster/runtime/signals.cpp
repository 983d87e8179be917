#include <muster/runtime/signals.hpp>

#include <csignal>
#include <utility>

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace muster {

struct Signals::Impl {
    Impl(Loop& loop, UniqueFunction<void()> on_stop)
        : signals(loop.context(), SIGINT, SIGTERM), stop(std::move(on_stop)) {}

    void wait() {
        signals.async_wait([this](boost::system::error_code const& error, int number) {
            if (error) {
                return;  // cancelled: this object is gone
            }
            if (asked) {
                ::_exit(128 + number);
            }
            asked = true;
            wait();
            stop();
        });
    }

    boost::asio::signal_set signals;
    UniqueFunction<void()> stop;
    bool asked{false};
};

Signals::Signals(Loop& loop, UniqueFunction<void()> stop)
    : impl_(std::make_unique<Impl>(loop, std::move(stop))) {
    std::signal(SIGPIPE, SIG_IGN);
    impl_->wait();
}

Signals::~Signals() = default;

}  // namespace muster
