#include <muster/api/uptime.hpp>

#include <map>
#include <utility>

namespace muster {
namespace {

struct Sums {
    Millis observed{0};
    Millis down{0};
    Millis unobserved{0};
};

struct ServiceSums {
    std::string name;
    std::array<Sums, kUptimeRanges.size()> ranges;
};

using Services = std::map<ServiceId, ServiceSums>;

AvailabilityFigures figures_of(Sums const& sums) {
    auto const observed = static_cast<double>(sums.observed.count());
    auto const elapsed = static_cast<double>((sums.observed + sums.unobserved).count());
    AvailabilityFigures figures;
    if (observed > 0) {
        figures.uptime_percent =
            100.0 * (observed - static_cast<double>(sums.down.count())) / observed;
        figures.coverage_percent = 100.0 * observed / elapsed;
    }
    return figures;
}

/// Adds the buckets to the ranges [first, last] that they lie in.
Result<void> add(Services& services, HistoryReader& reader, BucketsQuery const& query,
                 std::size_t first, std::size_t last) {
    auto const rows = reader.buckets(query);
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    for (auto const& row : *rows) {
        auto& sums = services[row.bucket.service];
        sums.name = row.service;
        for (auto range = first; range <= last; ++range) {
            if (row.bucket.to > query.until - kUptimeRanges[range].length) {
                sums.ranges[range].observed += row.bucket.seen.observed;
                sums.ranges[range].down += row.bucket.seen.down_time;
                sums.ranges[range].unobserved += row.bucket.unobserved;
            }
        }
    }
    return {};
}

}  // namespace

Result<std::vector<ServiceUptime>> read_uptime(HistoryReader& reader, ProjectId project,
                                               std::optional<ServiceId> service, WallTime now) {
    constexpr auto kLast = kUptimeRanges.size() - 1;
    Services services;
    BucketsQuery query;
    query.project = project;
    query.service = service;
    query.until = now;
    query.from = now - kUptimeRanges[kLast].length;
    query.step = std::chrono::hours(1);
    auto done = add(services, reader, query, 1, kLast);
    if (done) {
        query.from = now - kUptimeRanges[0].length;
        query.step = std::chrono::minutes(1);
        done = add(services, reader, query, 0, 0);
    }
    if (!done) {
        return tl::unexpected(done.error());
    }
    std::vector<ServiceUptime> result;
    for (auto const& [id, sums] : services) {
        ServiceUptime uptime{id, sums.name, {}};
        for (std::size_t range = 0; range < kUptimeRanges.size(); ++range) {
            uptime.ranges[range] = figures_of(sums.ranges[range]);
        }
        result.push_back(std::move(uptime));
    }
    return result;
}

}  // namespace muster
