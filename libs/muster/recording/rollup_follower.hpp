#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <muster/ports/store.hpp>
#include <muster/recording/follower_core.hpp>

namespace muster {

/// The rollup follower: what records add to the minutes and hours of their services, exactly once,
/// with a cursor of its own in the same store.
class RollupFollower final : public Follower {
public:
    struct Options {
        std::string hub_id;
        /// Neither fills within `linger` before ten thousand checks a second: a service costs a
        /// batch a row or two, however many of its checks are in it.
        std::size_t max_records = 100'000;
        std::size_t max_bytes = std::size_t{6} << 20;
        Millis linger{10'000};       ///< A batch that is not full waits this long for more.
        Millis retry_first{100};     ///< After a failure; doubles ...
        Millis retry_longest{5000};  ///< ... up to this.
        std::optional<std::uint64_t> chance{};  ///< As FollowPlan::Limits says.
    };

    /// `store` is only called inside jobs of `lane`. See Follower.
    RollupFollower(Journal const& journal, std::unique_ptr<JournalReader> reader,
                   ResultStore& store, Lane& lane, Clock const& clock, Timers& timers, Log& log,
                   Options const& options);
};

}  // namespace muster
