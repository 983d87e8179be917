#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <muster/base/unique_function.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/event_bus.hpp>
#include <muster/ports/log.hpp>
#include <muster/redis/redis_connection.hpp>

namespace muster {

/// A pattern of channels, listened to on a thread and a connection of its own. A connection that is
/// lost, or says nothing to a PING, is made anew, after a wait that doubles and that chance spreads
/// (many may have lost the same Redis).
class RedisSubscription final : public EventBus::Subscription {
public:
    /// Blocks until Redis has taken it, at most for the time that connecting may take.
    RedisSubscription(RedisConnection::Options options, std::string pattern,
                      UniqueFunction<void(BusMessage const&)> receive, Clock const& clock,
                      Log& log);
    /// At once, but for the call of `receive` that is under way: that one it waits for, unless it
    /// is ended from within it.
    ~RedisSubscription() override;
    RedisSubscription(RedisSubscription const&) = delete;
    RedisSubscription& operator=(RedisSubscription const&) = delete;

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

/// A pattern of the EventBus port in Redis's words, which have more than `*`.
[[nodiscard]] std::string redis_pattern(std::string_view pattern);

}  // namespace muster
