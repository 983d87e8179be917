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

/// What is kept in a stream for whoever reads it, until it is trimmed.
struct BusEntry {
    std::string stream;  ///< `muster:health`
    std::string field;   ///< `batch`
    std::string value;   ///< JSON.
};

struct BusBatch {
    std::string hub_id;
    Cursor expected;  ///< Where the bus follower's cursor stands, as last seen.
    Cursor next;      ///< Where it stands afterwards.
    std::vector<BusMessage> messages;
    std::vector<BusEntry> entries;
};

/// Fan-out to whoever listens. Blocks; lane thread only.
class EventBus {
public:
    virtual ~EventBus() = default;

    /// Where the hub's bus follower stands; nothing where the bus does not remember (it then starts
    /// at the journal's end: channels never replay). Errors: unavailable.
    [[nodiscard]] virtual Result<std::optional<Cursor>> cursor(std::string const& hub_id) = 0;

    /// Publishes in order and moves the cursor, all or nothing. A bus without streams leaves the
    /// entries out. Errors: unavailable, full, in_doubt; conflict (a bus that remembers the cursor
    /// has it elsewhere: ask for it).
    [[nodiscard]] virtual Result<void> publish(BusBatch const& batch) = 0;

    /// Publishes what is only of the moment, without a cursor; what comes to an error is lost.
    /// Without any message it asks the other side whether it is there. Errors: unavailable, full.
    [[nodiscard]] virtual Result<void> announce(std::string const& hub_id,
                                                std::vector<BusMessage> const& messages) = 0;

    /// Destroying it ends the subscription; no call is under way afterwards.
    class Subscription {
    public:
        virtual ~Subscription() = default;
    };

    /// `receive` is called for every message whose channel matches `pattern` (`*` stands for any
    /// run of characters), on a thread of the bus, in order. It must not block and must not throw.
    /// What is published while the other side is away is missed.
    [[nodiscard]] virtual std::unique_ptr<Subscription> subscribe(
        std::string pattern, UniqueFunction<void(BusMessage const&)> receive) = 0;
};

}  // namespace muster
