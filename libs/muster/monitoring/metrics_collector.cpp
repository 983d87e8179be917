#include <muster/monitoring/metrics_collector.hpp>

#include <utility>

#include <muster/base/hash.hpp>
#include <muster/monitoring/phase.hpp>

namespace muster {

MetricsCollector::MetricsCollector(Clock const& clock, Timers& timers, MetricsSource& source,
                                   Collected collected, Failed failed, Limits limits)
    : clock_(clock),
      source_(source),
      collected_(std::move(collected)),
      failed_(std::move(failed)),
      scheduler_(Scheduler::Limits{limits.in_flight, limits.in_flight}),
      timer_(timers.make([this] { start_due(); })) {}

MetricsCollector::~MetricsCollector() = default;

void MetricsCollector::set(Project const& project) {
    if (!project.spec.metrics) {
        remove(project.id);
        return;
    }
    auto const found = targets_.find(project.id);
    if (found != targets_.end() && found->second.spec == *project.spec.metrics) {
        found->second.name = project.spec.name;
        return;
    }
    bool const started = found != targets_.end() && found->second.started;
    remove(project.id);

    Target target;
    target.project = project.id;
    target.name = project.spec.name;
    target.spec = *project.spec.metrics;
    if (auto map = MetricsMap::compile(target.spec.map)) {
        target.map = std::move(*map);
    } else {
        tell(target, map.error());
    }
    target.identity = stable_hash("metrics/" + project.spec.name);
    if (free_entries_.empty()) {
        target.entry = static_cast<Scheduler::Entry>(by_entry_.size());
        by_entry_.push_back(project.id);
    } else {
        target.entry = free_entries_.back();
        free_entries_.pop_back();
        by_entry_[target.entry] = project.id;
    }
    targets_.emplace(project.id, std::move(target));
    if (started) {
        passed(project.id);
    }
}

void MetricsCollector::remove(ProjectId id) {
    auto const found = targets_.find(id);
    if (found == targets_.end()) {
        return;
    }
    scheduler_.remove(found->second.entry);
    free_entries_.push_back(found->second.entry);
    targets_.erase(found);
    arm();
}

void MetricsCollector::passed(ProjectId id) {
    auto const found = targets_.find(id);
    if (found == targets_.end() || found->second.started || stopped_) {
        return;
    }
    found->second.started = true;
    scheduler_.add(found->second.entry, Scheduler::kNoHost, clock_.now().steady);
    arm();
}

void MetricsCollector::stop() {
    stopped_ = true;
    timer_->disarm();
    for (auto& [id, target] : targets_) {
        target.fetch.reset();
    }
}

void MetricsCollector::start_due() {
    if (stopped_) {
        return;
    }
    starts_.clear();
    scheduler_.take_due(clock_.now().steady, starts_);
    for (auto const& start : starts_) {
        start_one(targets_.at(by_entry_[start.entry]));
    }
    arm();
}

void MetricsCollector::start_one(Target& target) {
    target.fetch = source_.fetch({target.spec.url, target.spec.timeout, target.map},
                                 [this, &target](Result<MetricsAnswer> answer) {
                                     // `target` is there: it owns the fetch, which calls nobody
                                     // once it is gone.
                                     took(target, std::move(answer));
                                 });
}

void MetricsCollector::took(Target& target, Result<MetricsAnswer> answer) {
    auto const now = clock_.now();
    scheduler_.finished(target.entry,
                        next_in_phase(now.steady, target.spec.interval, target.identity));
    arm();
    if (!answer) {
        ++figures_.failed;
        tell(target, answer.error());
        return;
    }
    ++figures_.collected;
    target.problem.clear();
    ProjectMetrics metrics{target.project, now.wall, {}};
    if (auto* const sample = std::get_if<MetricsSample>(&*answer)) {
        metrics.sample = std::move(*sample);
    } else {
        auto& readings = std::get<SeriesReadings>(*answer);
        auto const seconds = target.counters.take(readings, now.steady);
        metrics.sample = target.map.sample(readings.values, seconds);
    }
    collected_(std::move(metrics));
}

void MetricsCollector::tell(Target& target, Error const& error) {
    if (target.problem != error.message) {
        target.problem = error.message;
        failed_(target.name, error);
    }
}

void MetricsCollector::arm() {
    auto const wake = stopped_ ? std::nullopt : scheduler_.next_wake();
    if (wake) {
        timer_->arm(*wake);
    } else {
        timer_->disarm();
    }
}

}  // namespace muster
