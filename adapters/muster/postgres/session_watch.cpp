#include <muster/postgres/session_watch.hpp>

#include <array>
#include <atomic>
#include <cerrno>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace muster {
namespace {

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;

    [[nodiscard]] int number() const noexcept { return number_; }

private:
    int const number_;
};

tl::unexpected<Error> no_watch(int error) {
    return failure(Errc::unavailable, "sessions of the database cannot be watched: " +
                                          std::generic_category().message(error));
}

/// Once, so long from now; 0: never.
void set_timer(int timer, Millis within) noexcept {
    itimerspec spec{};
    spec.it_value.tv_sec = within.count() / 1'000;
    spec.it_value.tv_nsec = within.count() % 1'000 * 1'000'000;
    (void)::timerfd_settime(timer, 0, &spec, nullptr);
}

bool expired(int timer) noexcept {
    std::uint64_t times = 0;
    return ::read(timer, &times, sizeof times) == sizeof times;
}

bool wait_for(int epoll, int descriptor) noexcept {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    return ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

}  // namespace

struct WatchedSession::Entry {
    Entry(int of_timer, int of_socket) : timer(of_timer), socket(of_socket) {}

    void cut() noexcept {
        is_cut = true;
        (void)::shutdown(socket.number(), SHUT_RDWR);
    }

    Descriptor const timer;
    Descriptor const socket;
    std::atomic<bool> is_cut{false};
};

struct SessionWatch::Impl {
    void work();

    Descriptor const epoll{::epoll_create1(EPOLL_CLOEXEC)};
    Descriptor const wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::mutex mutable mutex;
    std::map<int, std::shared_ptr<WatchedSession::Entry>> entries;  // by timer; guarded by mutex
    bool interrupted{false};                                        // guarded by mutex
    std::thread thread;  // last: it uses all of the above
};

void SessionWatch::Impl::work() {
    pthread_setname_np(pthread_self(), "pg-watch");
    for (;;) {
        std::array<epoll_event, 16> events{};
        auto const found = ::epoll_wait(epoll.number(), events.data(), events.size(), -1);
        for (int index = 0; index < found; ++index) {
            auto const descriptor = events.at(static_cast<std::size_t>(index)).data.fd;
            if (descriptor == wake.number()) {
                return;
            }
            std::lock_guard const lock(mutex);
            auto const entry = entries.find(descriptor);
            if (entry != entries.end() && expired(descriptor)) {
                entry->second->cut();
            }
        }
    }
}

SessionWatch::SessionWatch(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SessionWatch::~SessionWatch() {
    if (impl_->thread.joinable()) {
        (void)::eventfd_write(impl_->wake.number(), 1);
        impl_->thread.join();
    }
}

Result<std::shared_ptr<SessionWatch>> SessionWatch::start() {
    auto impl = std::make_unique<Impl>();
    if (!wait_for(impl->epoll.number(), impl->wake.number())) {
        return no_watch(errno);
    }
    try {
        impl->thread = std::thread([watch = impl.get()] { watch->work(); });
    } catch (std::system_error const& error) {
        return no_watch(error.code().value());
    }
    return std::shared_ptr<SessionWatch>(new SessionWatch(std::move(impl)));
}

void SessionWatch::interrupt() {
    std::lock_guard const lock(impl_->mutex);
    impl_->interrupted = true;
    for (auto const& [timer, entry] : impl_->entries) {
        entry->cut();
    }
}

bool SessionWatch::interrupted() const {
    std::lock_guard const lock(impl_->mutex);
    return impl_->interrupted;
}

Result<std::unique_ptr<WatchedSession>> WatchedSession::of(std::shared_ptr<SessionWatch> watch,
                                                           int socket) {
    auto& impl = *watch->impl_;
    auto const timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    auto entry = std::make_shared<Entry>(timer, ::fcntl(socket, F_DUPFD_CLOEXEC, 0));
    if (timer < 0 || entry->socket.number() < 0) {
        return no_watch(errno);
    }
    {
        std::lock_guard const lock(impl.mutex);
        if (!wait_for(impl.epoll.number(), timer)) {
            return no_watch(errno);
        }
        impl.entries.emplace(timer, entry);
        if (impl.interrupted) {
            entry->cut();
        }
    }
    return std::unique_ptr<WatchedSession>(new WatchedSession(std::move(watch), std::move(entry)));
}

WatchedSession::WatchedSession(std::shared_ptr<SessionWatch> watch, std::shared_ptr<Entry> entry)
    : watch_(std::move(watch)), entry_(std::move(entry)) {}

WatchedSession::~WatchedSession() {
    auto& impl = *watch_->impl_;
    std::lock_guard const lock(impl.mutex);
    // Before the timer is closed, which takes it from the epoll: its number may be given away.
    impl.entries.erase(entry_->timer.number());
}

void WatchedSession::hurry(Millis within) {
    hurried_ = true;
    set_timer(entry_->timer.number(), within);
}

void WatchedSession::rest() {
    hurried_ = false;
    set_timer(entry_->timer.number(), Millis(0));
}

bool WatchedSession::cut() const {
    return entry_->is_cut;
}

}  // namespace muster
