#include <muster/runtime/signals.hpp>

#include <csignal>
#include <memory>
#include <utility>

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace muster {

namespace {

void mask_reload_signal(int how) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGHUP);
    ::pthread_sigmask(how, &signals, nullptr);
}

}  // namespace

struct Signals::Impl : std::enable_shared_from_this<Impl> {
    Impl(Loop& loop, UniqueFunction<void()> on_stop)
        : signals(loop.context(), SIGINT, SIGTERM), stop(std::move(on_stop)) {}

    void wait() {
        signals.async_wait(
            [weak = weak_from_this()](boost::system::error_code const& error, int number) {
                auto const self = weak.lock();
                if (error || !self) {
                    return;
                }
                if (number == SIGHUP) {
                    self->wait();
                    self->reload();
                    return;
                }
                if (self->asked) {
                    ::_exit(128 + number);
                }
                self->asked = true;
                self->wait();
                self->stop();
            });
    }

    boost::asio::signal_set signals;
    UniqueFunction<void()> stop;
    UniqueFunction<void()> reload;
    bool asked{false};
};

Signals::Signals(Loop& loop, UniqueFunction<void()> stop)
    : impl_(std::make_shared<Impl>(loop, std::move(stop))) {
    std::signal(SIGPIPE, SIG_IGN);
    impl_->wait();
}

Signals::Signals(Loop& loop, UniqueFunction<void()> stop, UniqueFunction<void()> reload)
    : impl_(std::make_shared<Impl>(loop, std::move(stop))) {
    std::signal(SIGPIPE, SIG_IGN);
    impl_->reload = std::move(reload);
    impl_->signals.add(SIGHUP);
    impl_->wait();
    mask_reload_signal(SIG_UNBLOCK);
}

Signals::~Signals() = default;

void hold_reload_signal() {
    mask_reload_signal(SIG_BLOCK);
}

}  // namespace muster
