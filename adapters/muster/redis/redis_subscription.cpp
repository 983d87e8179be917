#include <muster/redis/redis_subscription.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include <pthread.h>

#include <muster/redis/redis_socket.hpp>
#include <muster/redis/wake_up.hpp>

namespace muster {
namespace {

constexpr Millis kPingEvery{10'000};
constexpr Millis kWaitFirst{100};
constexpr Millis kWaitLongest{5'000};

}  // namespace

/// Held by the subscription and by its thread.
struct RedisSubscription::Shared {
    Shared(RedisConnection::Options connection_options, std::string wanted,
           UniqueFunction<void(BusMessage const&)> call, Clock const& shared_clock, Log& shared_log)
        : options(std::move(connection_options)),
          pattern(redis_pattern(wanted)),
          receive(std::move(call)),
          clock(shared_clock),
          log(shared_log) {
        options.wake = &wake;
    }

    void run();
    [[nodiscard]] Error listen();
    void take(RedisReply const& reply);
    void wait(Millis longest);
    void told_taken();

    RedisConnection::Options options;  // constant once it is made, as the two below
    std::string const pattern;
    UniqueFunction<void(BusMessage const&)> receive;
    Clock const& clock;
    Log& log;
    WakeUp wake;  ///< Told when it is to end.

    std::mutex mutex;
    std::condition_variable changed;
    bool taken{false};  // guarded by mutex

    bool ponged{true};  // its thread only, as all below
    bool away{false};
    Millis next_wait{kWaitFirst};

    std::thread thread;
};

void RedisSubscription::Shared::told_taken() {
    next_wait = kWaitFirst;
    if (std::exchange(away, false)) {
        log.write(LogLevel::info, "redis", "listens to " + pattern + " again");
    }
    std::lock_guard const lock(mutex);
    taken = true;
    changed.notify_all();
}

void RedisSubscription::Shared::take(RedisReply const& reply) {
    ponged = true;
    if (!reply.is(RedisReply::Kind::list) || reply.items.empty()) {
        return;
    }
    auto const& kind = reply.items.front();
    if (kind.is_text("psubscribe")) {
        told_taken();
    } else if (kind.is_text("pmessage") && reply.items.size() == 4) {
        receive(BusMessage{reply.items[2].text, reply.items[3].text});
    }
}

/// Listens until it is ended or the connection is lost, and why.
Error RedisSubscription::Shared::listen() {
    auto opened = RedisConnection::open(options, clock);
    if (!opened) {
        return std::move(opened.error());
    }
    auto& connection = **opened;
    RedisCommands subscribe;
    subscribe.add({"PSUBSCRIBE", pattern});
    if (auto said = connection.say(subscribe); !said) {
        return std::move(said.error());
    }
    ponged = true;
    auto ping_at = clock.now().steady + kPingEvery;
    while (!wake.told()) {
        auto reply = connection.hear(ping_at);
        if (!reply) {
            return std::move(reply.error());
        }
        if (*reply) {
            if (auto error = error_of(**reply, "to listen to " + pattern)) {
                return *std::move(error);
            }
            take(**reply);
        } else if (clock.now().steady >= ping_at) {
            if (!std::exchange(ponged, false)) {
                return {Errc::unavailable, to_text(options.address) + " does not answer"};
            }
            ping_at = clock.now().steady + kPingEvery;
            RedisCommands ping;
            ping.add({"PING"});
            if (auto said = connection.say(ping); !said) {
                return std::move(said.error());
            }
        }
    }
    return {};
}

void RedisSubscription::Shared::wait(Millis longest) {
    // Between half of it and all: NOLINTNEXTLINE(cert-msc32-c,cert-msc51-cpp): no secret
    static thread_local std::minstd_rand random(
        static_cast<unsigned>(std::hash<std::thread::id>{}(std::this_thread::get_id())));
    std::uniform_int_distribution<Millis::rep> within(longest.count() / 2, longest.count());
    auto const until = clock.now().steady + Millis(within(random));
    while (!wake.told() && millis_left(until, clock) > 0) {
        (void)poll_one(-1, 0, millis_left(until, clock), &wake);
    }
}

void RedisSubscription::Shared::run() {
    pthread_setname_np(pthread_self(), "subscriber");
    while (!wake.told()) {
        auto const error = listen();
        if (wake.told()) {
            return;
        }
        if (!std::exchange(away, true)) {
            log.write(LogLevel::warn, "redis",
                      "hears nothing of " + pattern + ": " + error.message);
        }
        wait(next_wait);
        next_wait = std::min(next_wait * 2, kWaitLongest);
    }
}

RedisSubscription::RedisSubscription(RedisConnection::Options options, std::string pattern,
                                     UniqueFunction<void(BusMessage const&)> receive,
                                     Clock const& clock, Log& log)
    : shared_(std::make_shared<Shared>(std::move(options), std::move(pattern), std::move(receive),
                                       clock, log)) {
    shared_->thread = std::thread([shared = shared_] { shared->run(); });
    std::unique_lock lock(shared_->mutex);
    shared_->changed.wait_for(lock, shared_->options.connect_within,
                              [this] { return shared_->taken; });
}

RedisSubscription::~RedisSubscription() {
    shared_->wake.tell();
    // Ended from within `receive`: nobody can wait for the thread that runs this. It returns to
    // its loop, sees that it has ended, and touches nothing but what it holds itself.
    if (shared_->thread.get_id() == std::this_thread::get_id()) {
        shared_->thread.detach();
    } else {
        shared_->thread.join();
    }
}

std::string redis_pattern(std::string_view pattern) {
    std::string out;
    for (char const character : pattern) {
        if (character == '?' || character == '[' || character == ']' || character == '\\') {
            out += '\\';
        }
        out += character;
    }
    return out;
}

}  // namespace muster
