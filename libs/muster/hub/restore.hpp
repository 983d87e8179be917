#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <muster/base/result.hpp>
#include <muster/domain/metrics_sample.hpp>
#include <muster/domain/tracker.hpp>
#include <muster/ports/checkpoint_store.hpp>
#include <muster/ports/journal.hpp>
#include <muster/ports/log.hpp>
#include <muster/registry/registry.hpp>

namespace muster {

/// What a hub knew when it last wrote anything.
struct Restored {
    std::string hub_id;  ///< Of the hub that wrote it; empty: nobody did.
    Registry registry;
    std::map<ServiceId, Tracker> trackers;
    std::map<ProjectId, ProjectMetrics> latest_metrics;
    std::uint64_t last_epoch{0};
    std::uint64_t replayed{0};  ///< Journal records read behind the checkpoint.
    /// Changes that a result made and that nobody was told of: a power loss that tears a write may
    /// leave the result and take the transition behind it.
    std::map<ServiceId, Transition> untold;
};

/// The tracker of a service starts over where a change, which the registry has not yet taken over,
/// has it probed in another way: what Fleet::change() does while the hub runs.
void start_over_if_reprobed(std::map<ServiceId, Tracker>& trackers, Registry const& registry,
                            ServiceChanged const& changed);

/// The hub was not running before `at`: trackers know nothing of the time up to the next result.
void lose_sight(std::map<ServiceId, Tracker>& trackers, WallTime at);

/// Reads the checkpoint, then the journal's records behind it. The database is not asked. A
/// checkpoint that cannot be read is told in the log and the whole journal is replayed instead; a
/// journal that is damaged in the middle is told and read up to there. Blocks: for start-up only.
/// Errors: unavailable (cannot be read now).
[[nodiscard]] Result<Restored> restore_hub(CheckpointStore& checkpoints, Journal const& journal,
                                           Log& log);

}  // namespace muster
