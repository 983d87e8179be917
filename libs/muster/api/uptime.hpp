#pragma once

#include <array>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <utility>
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

/// The uptime of projects and of single services, read when somebody asks and kept for a while: it
/// moves slowly and costs a look at a year of hours for each service. Who asks while it is being
/// read waits for that. Edge's loop only; of the clock also the read lanes.
class UptimeBook {
public:
    struct Options {
        Millis fresh_for{60'000};
        /// What takes long to read is kept for this many times as long as reading took, once its
        /// turn had come: however often it is asked for, it takes a fiftieth of a read lane.
        int patience{50};
        /// Services in memory, 3 KB each (a page of none counts as one); beyond it what was asked
        /// for least recently goes.
        std::size_t most{32'768};
    };

    /// Both must outlive it, and the clock what it has put on the read lanes.
    UptimeBook(HistoryQueries& history, Clock const& clock) : UptimeBook(history, clock, {}) {}
    UptimeBook(HistoryQueries& history, Clock const& clock, Options options)
        : history_(history), clock_(clock), options_(options) {}
    ~UptimeBook() = default;
    UptimeBook(UptimeBook const&) = delete;
    UptimeBook& operator=(UptimeBook const&) = delete;

    using Shared = std::shared_ptr<ProjectUptime const>;
    using Done = UniqueFunction<void(Result<Shared>)>;

    /// Of a project's services. Those that came since it was read are missing in it. Errors: as
    /// read_uptime(), and full. `done` runs inside the call where it is known.
    void ask(ProjectId project, std::vector<ServiceId> services, Done done);

    /// Of one service, and perhaps of others of its project: what is known of the whole project
    /// will do, else the one is read. Errors, and `done`: as above.
    void ask_one(ProjectId project, ServiceId service, Done done);

private:
    /// Without a service: of the whole project.
    using Key = std::pair<ProjectId, std::optional<ServiceId>>;

    struct Page {
        std::vector<Done> waiting;  ///< Not empty: it is being read.
        Shared uptime;
        SteadyTime good_until{};
        std::list<Key>::iterator used{};  ///< Where `uptime` is.
    };

    /// What a lane found, and how long it took it.
    struct Reading {
        ProjectUptime uptime;
        SteadyTime::duration took{};
    };

    [[nodiscard]] Page* fresh(Key const& key);
    void read(Key const& key, std::vector<ServiceId> services, Done done);
    void came(Key const& key, Result<Reading> reading);
    void keep(Key const& key, Page& page, Reading reading);
    void forget(Key const& key);
    void forget_old();

    HistoryQueries& history_;
    Clock const& clock_;
    Options const options_;
    std::map<Key, Page> pages_;
    std::list<Key> by_use_;       // of the pages that are there, the last used first
    std::size_t services_{0};     // in all of these
    SteadyTime look_again_at_{};  // for what has become old
};

}  // namespace muster
