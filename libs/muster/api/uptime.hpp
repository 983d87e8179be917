#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <muster/api/history_queries.hpp>
#include <muster/base/result.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/domain/availability.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/store.hpp>

namespace muster {

/// The ranges that the history is asked for; the last day is live. As kUptimeRangeNames from the
/// second on.
inline constexpr std::array<Millis, 4> kUptimeRanges{
    {std::chrono::hours(7 * 24), std::chrono::hours(30 * 24), std::chrono::hours(90 * 24),
     std::chrono::hours(365 * 24)}};

/// A day of UTC, or the part of it that is over.
struct UptimeDay {
    WallTime from{};
    Millis observed{0};
    Millis down{0};
    Millis unobserved{0};
};

/// How available a service was in each of the ranges up to now, by the history, to the hour; and in
/// the last days, oldest first, today last. Days of which nothing is known are left out.
struct ServiceUptime {
    static constexpr std::size_t kDays = 90;

    std::array<AvailabilityFigures, kUptimeRanges.size()> ranges;
    std::vector<UptimeDay> days;
};

using ProjectUptime = std::map<ServiceId, ServiceUptime>;

/// Of these services of a project. Blocks: read lane only. Errors: as HistoryReader::buckets().
[[nodiscard]] Result<ProjectUptime> read_uptime(HistoryReader& reader, ProjectId project,
                                                std::vector<ServiceId> const& services,
                                                WallTime now);

/// The uptime of projects, read when somebody asks and kept for a while: it moves slowly and costs
/// a look at a year of hours. Who asks while it is being read waits for that. Edge's loop only.
class UptimeBook {
public:
    static constexpr Millis kFreshFor{60'000};
    /// What took long to read is kept for this many times as long.
    static constexpr int kPatience = 50;
    static constexpr std::size_t kMost = 4'096;  ///< Projects in memory.

    /// Both must outlive it.
    UptimeBook(HistoryQueries& history, Clock const& clock) : history_(history), clock_(clock) {}
    UptimeBook(UptimeBook const&) = delete;
    UptimeBook& operator=(UptimeBook const&) = delete;

    using Shared = std::shared_ptr<ProjectUptime const>;
    using Done = UniqueFunction<void(Result<Shared>)>;

    /// Services that came since it was read are missing in it. Errors: as read_uptime(), and full.
    /// `done` runs inside the call where it is known.
    void ask(ProjectId project, std::vector<ServiceId> services, Done done);

private:
    struct Page {
        std::vector<Done> waiting;  ///< Not empty: it is being read.
        Shared uptime;
        SteadyTime asked_at{};
        SteadyTime good_until{};
    };

    void forget_old(SteadyTime now);
    void came(ProjectId project, Result<ProjectUptime> uptime);

    HistoryQueries& history_;
    Clock const& clock_;
    std::map<ProjectId, Page> pages_;
};

}  // namespace muster
