#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <muster/base/bytes.hpp>
#include <muster/base/result.hpp>
#include <muster/domain/maintenance.hpp>
#include <muster/domain/metrics_sample.hpp>
#include <muster/domain/record.hpp>
#include <muster/domain/service.hpp>
#include <muster/domain/tracker.hpp>

namespace muster {

struct TrackedService {
    Service service;
    Tracker tracker;

    bool operator==(TrackedService const&) const = default;
};

/// All that a hub must know in order to go on, valid as of a position of its journal: start =
/// this + replay of what the journal holds behind `as_of`.
struct Checkpoint {
    std::string hub_id;
    std::uint64_t epoch{0};  ///< Of the hub that made it.
    Cursor as_of;  ///< Everything up to here is contained. Save it only once it is durable.
    std::int64_t next_project_id{1};
    std::int64_t next_service_id{1};
    std::int64_t next_maintenance_id{1};
    std::vector<Project> projects;
    std::vector<TrackedService> services;
    std::vector<Tombstone> tombstones;
    std::vector<ProjectMetrics> latest_metrics;
    std::vector<Maintenance> windows;

    bool operator==(Checkpoint const&) const = default;
};

/// Magic, version, length and CRC-32C, then the fields; 200 to 300 bytes a service.
/// Pure: may run on a lane with a checkpoint of its own.
[[nodiscard]] Bytes encode_checkpoint(Checkpoint const& checkpoint);

/// Errors: corrupt (not a checkpoint, damaged, or cut short), unsupported (a newer version's).
[[nodiscard]] Result<Checkpoint> decode_checkpoint(ByteView bytes);

}  // namespace muster
