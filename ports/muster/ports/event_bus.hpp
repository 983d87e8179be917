#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/domain/record.hpp>

namespace muster {

struct BusMessage {
    std::string channel;  ///< `hub.{hub_id}.health.{project}.{service}`: contract, section 6.
    std::string payload;  ///< JSON.
};

struct BusBatch {
    std::string hub_id;
    Cursor next;  ///< Where the bus follower's cursor stands afterwards.
    std::vector<BusMessage> messages;
};

/// Fan-out to whoever listens. Blocks; lane thread only.
class EventBus {
public:
    virtual ~EventBus() = default;

    /// Where the hub's bus follower stands; nothing where the bus does not remember (it then starts
    /// at the journal's end: channels never replay). Errors: unavailable.
    [[nodiscard]] virtual Result<std::optional<Cursor>> cursor(std::string const& hub_id) = 0;

    /// Publishes in order and moves the cursor, all or nothing. Errors: unavailable, in_doubt.
    [[nodiscard]] virtual Result<void> publish(BusBatch const& batch) = 0;

    /// Destroying it ends the subscription; no call is under way afterwards.
    class Subscription {
    public:
        virtual ~Subscription() = default;
    };

    /// `receive` is called for every message whose channel matches `pattern` (`*` stands for any
    /// run of characters), on a thread of the bus, in order. It must not block and must not throw.
    [[nodiscard]] virtual std::unique_ptr<Subscription> subscribe(
        std::string pattern, UniqueFunction<void(BusMessage const&)> receive) = 0;
};

}  // namespace muster
