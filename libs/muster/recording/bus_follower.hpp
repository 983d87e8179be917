#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <muster/ports/event_bus.hpp>
#include <muster/recording/follower_core.hpp>

namespace muster {

/// What records become on the bus. Called on the lane, one call at a time; owns all that it needs.
class BusTranslator {
public:
    virtual ~BusTranslator() = default;

    /// Adds what a record says; `recent`: channels may still carry it, else streams alone.
    virtual void add(Record const& record, bool recent, BusBatch& batch) = 0;

    /// The batch has all of its records.
    virtual void end(BusBatch& batch) = 0;
};

/// Publishes what records say on the bus. Begins at the bus's cursor if that is in this journal,
/// else at the journal's end; what is older than `max_age` by its own time is no message of a
/// channel any more: channels never replay.
class BusFollower final : public Follower {
public:
    struct Options {
        std::string hub_id;
        Millis max_age{10'000};
        /// Whether check results and metrics, most of all records, are translated too.
        bool routine{true};
        std::size_t max_records = 2000;
        std::size_t max_bytes = std::size_t{1} << 20;
        Millis linger{20};           ///< A batch that is not full waits this long for more.
        Millis retry_first{100};     ///< After a failure; doubles ...
        Millis retry_longest{5000};  ///< ... up to this.
        std::optional<std::uint64_t> chance{};  ///< As FollowPlan::Limits says.
    };

    /// `bus` is only called inside jobs of `lane`. See Follower.
    BusFollower(Journal const& journal, std::unique_ptr<JournalReader> reader, EventBus& bus,
                std::unique_ptr<BusTranslator> translator, Lane& lane, Clock const& clock,
                Timers& timers, Log& log, Options const& options);
};

}  // namespace muster
