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

/// What a page counts against the bound.
std::size_t weight_of(ProjectUptime const& uptime) noexcept {
    return std::max<std::size_t>(uptime.size(), 1);
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
    Key const key{project, std::nullopt};
    if (auto const* page = fresh(key)) {
        done(page->uptime);
        return;
    }
    read(key, std::move(services), std::move(done));
}

void UptimeBook::ask_one(ProjectId project, ServiceId service, Done done) {
    for (auto const& key : {Key{project, std::nullopt}, Key{project, service}}) {
        auto const* page = fresh(key);
        if (page != nullptr && page->uptime->contains(service)) {
            done(page->uptime);
            return;
        }
    }
    read({project, service}, {service}, std::move(done));
}

/// A page that can be shown, as the last used one; null where there is none.
UptimeBook::Page* UptimeBook::fresh(Key const& key) {
    forget_old();
    auto const found = pages_.find(key);
    if (found == pages_.end() || !found->second.uptime ||
        found->second.good_until <= clock_.now().steady) {
        return nullptr;
    }
    by_use_.splice(by_use_.begin(), by_use_, found->second.used);
    return &found->second;
}

/// What a page had before is forgotten.
void UptimeBook::read(Key const& key, std::vector<ServiceId> services, Done done) {
    if (auto const old = pages_.find(key); old != pages_.end() && old->second.uptime) {
        forget(key);
    }
    auto& page = pages_[key];
    page.waiting.push_back(std::move(done));
    if (page.waiting.size() > 1) {
        return;
    }
    history_.ask(
        [project = key.first, services = std::move(services), at = clock_.now().wall,
         &clock = clock_](HistoryReader& reader) -> Result<Reading> {
            auto const began = clock.now().steady;
            auto uptime = read_uptime(reader, project, services, at);
            if (!uptime) {
                return tl::unexpected(std::move(uptime.error()));
            }
            return Reading{*std::move(uptime), clock.now().steady - began};
        },
        [this, key](Result<Reading> reading) { came(key, std::move(reading)); });
}

/// A failure is told to those who wait and not kept.
void UptimeBook::came(Key const& key, Result<Reading> reading) {
    auto& page = pages_.at(key);
    auto waiting = std::exchange(page.waiting, {});
    Result<Shared> result;
    if (reading) {
        keep(key, page, *std::move(reading));
        result = page.uptime;
        while (services_ > options_.most && by_use_.size() > 1) {
            forget(by_use_.back());
        }
    } else {
        result = tl::unexpected(std::move(reading.error()));
        pages_.erase(key);
    }
    // Those that are told may ask again: nothing of the page is touched any more.
    for (auto& done : waiting) {
        done(result);
    }
}

void UptimeBook::keep(Key const& key, Page& page, Reading reading) {
    page.good_until =
        clock_.now().steady +
        std::max<SteadyTime::duration>(options_.fresh_for, options_.patience * reading.took);
    page.uptime = std::make_shared<ProjectUptime const>(std::move(reading.uptime));
    page.used = by_use_.insert(by_use_.begin(), key);
    services_ += weight_of(*page.uptime);
}

/// A page that is there. `key` may lie in it.
void UptimeBook::forget(Key const& key) {
    auto const page = pages_.find(key);
    services_ -= weight_of(*page->second.uptime);
    by_use_.erase(page->second.used);
    pages_.erase(page);
}

/// Now and then: looking at all of them costs more than what is old.
void UptimeBook::forget_old() {
    auto const now = clock_.now().steady;
    if (now < look_again_at_) {
        return;
    }
    look_again_at_ = now + options_.fresh_for;
    for (auto key = by_use_.begin(); key != by_use_.end();) {
        auto const& old = *key++;
        if (pages_.at(old).good_until <= now) {
            forget(old);
        }
    }
}

}  // namespace muster
