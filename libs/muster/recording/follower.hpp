#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <muster/ports/store.hpp>
#include <muster/recording/follower_core.hpp>

namespace muster {

/// The raw follower: every record to the store, exactly once.
class StoreFollower final : public Follower {
public:
    struct Options {
        std::string hub_id;
        std::size_t max_records = 2000;
        std::size_t max_bytes = std::size_t{1} << 20;
        Millis linger{100};          ///< A batch that is not full waits this long for more.
        Millis retry_first{100};     ///< After a failure; doubles ...
        Millis retry_longest{5000};  ///< ... up to this.
        std::optional<std::uint64_t> chance{};  ///< As FollowPlan::Limits says.
    };

    /// `store` is only called inside jobs of `lane`. See Follower.
    StoreFollower(Journal const& journal, std::unique_ptr<JournalReader> reader, ResultStore& store,
                  Lane& lane, Clock const& clock, Timers& timers, Log& log, Options const& options);
};

}  // namespace muster
