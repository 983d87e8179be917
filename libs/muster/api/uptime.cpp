#include <muster/api/uptime.hpp>

#include <algorithm>
#include <utility>

namespace muster {
namespace {

constexpr auto kDay = std::chrono::days(1);
constexpr auto kHour = std::chrono::hours(1);

struct Sums {
    Millis observed{0};
    Millis down{0};
    Millis unobserved{0};

    void add(Bucket const& bucket) {
        observed += bucket.seen.observed;
        down += bucket.seen.down_time;
        unobserved += bucket.unobserved;
    }
};

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

/// Whole days where a range has them, hours in the day in which it begins.
Result<ServiceUptime> read_service(HistoryReader& reader, ProjectId project, ServiceId service,
                                   WallTime now) {
    std::array<Sums, kUptimeRanges.size()> sums;
    ServiceUptime uptime;
    BucketsQuery query;
    query.project = project;
    query.service = service;
    query.from = now - kUptimeRanges.back();
    query.until = now;
    query.step = kDay;
    auto const days = reader.buckets(query);
    if (!days) {
        return tl::unexpected(days.error());
    }
    auto const first_day =
        std::chrono::floor<std::chrono::days>(now) - std::chrono::days(ServiceUptime::kDays - 1);
    for (auto const& row : *days) {
        auto const& bucket = row.bucket;
        for (std::size_t range = 0; range < sums.size(); ++range) {
            if (bucket.from >= now - kUptimeRanges[range]) {
                sums[range].add(bucket);
            }
        }
        if (bucket.from >= first_day) {
            uptime.days.push_back(
                {bucket.from, bucket.seen.observed, bucket.seen.down_time, bucket.unobserved});
        }
    }
    query.step = kHour;
    for (std::size_t range = 0; range < sums.size(); ++range) {
        query.from = std::chrono::floor<std::chrono::hours>(now - kUptimeRanges[range]);
        query.until = std::chrono::ceil<std::chrono::days>(now - kUptimeRanges[range]);
        if (query.from >= query.until) {
            continue;  // it begins with a day
        }
        auto const hours = reader.buckets(query);
        if (!hours) {
            return tl::unexpected(hours.error());
        }
        for (auto const& row : *hours) {
            sums[range].add(row.bucket);
        }
    }
    std::transform(sums.begin(), sums.end(), uptime.ranges.begin(), figures_of);
    return uptime;
}

}  // namespace

Result<ProjectUptime> read_uptime(HistoryReader& reader, ProjectId project,
                                  std::vector<ServiceId> const& services, WallTime now) {
    ProjectUptime uptime;
    for (auto const service : services) {
        auto one = read_service(reader, project, service, now);
        if (!one) {
            return tl::unexpected(std::move(one.error()));
        }
        uptime.emplace(service, std::move(*one));
    }
    return uptime;
}

void UptimeBook::ask(ProjectId project, std::vector<ServiceId> services, Done done) {
    auto const now = clock_.now();
    forget_old(now.steady);
    auto& page = pages_[project];
    if (page.uptime) {
        done(page.uptime);
        return;
    }
    page.waiting.push_back(std::move(done));
    if (page.waiting.size() > 1) {
        return;
    }
    page.asked_at = now.steady;
    history_.ask(
        [project, services = std::move(services), at = now.wall](HistoryReader& reader) {
            return read_uptime(reader, project, services, at);
        },
        [this, project](Result<ProjectUptime> uptime) { came(project, std::move(uptime)); });
}

void UptimeBook::forget_old(SteadyTime now) {
    std::erase_if(pages_, [now](auto const& page) {
        return page.second.waiting.empty() && page.second.good_until <= now;
    });
    if (pages_.size() >= kMost) {
        std::erase_if(pages_, [](auto const& page) { return page.second.waiting.empty(); });
    }
}

/// A failure is told to those who wait and not kept.
void UptimeBook::came(ProjectId project, Result<ProjectUptime> uptime) {
    auto& page = pages_.at(project);
    auto const now = clock_.now().steady;
    auto waiting = std::exchange(page.waiting, {});
    Result<Shared> result;
    if (uptime) {
        page.uptime = std::make_shared<ProjectUptime const>(std::move(*uptime));
        page.good_until =
            now + std::max<SteadyTime::duration>(kFreshFor, kPatience * (now - page.asked_at));
        result = page.uptime;
    } else {
        result = tl::unexpected(std::move(uptime.error()));
        pages_.erase(project);
    }
    for (auto& done : waiting) {
        done(result);
    }
}

}  // namespace muster
