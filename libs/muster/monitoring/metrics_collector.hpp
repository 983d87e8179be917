#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include <muster/base/unique_function.hpp>
#include <muster/domain/metrics_sample.hpp>
#include <muster/domain/service.hpp>
#include <muster/monitoring/scheduler.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/metrics_source.hpp>
#include <muster/ports/timers.hpp>

namespace muster {

/// Collects the figures that projects serve about themselves, each in its own rhythm: first right
/// after the project's first passing check, then in phase. A failed collection says nothing about
/// the project's health; the next regular one is tried all the same. Loop thread only.
class MetricsCollector {
public:
    /// Told of every sample.
    using Collected = UniqueFunction<void(ProjectMetrics)>;

    struct Limits {
        std::uint32_t in_flight{64};
    };

    /// All references must outlive the collector.
    MetricsCollector(Clock const& clock, Timers& timers, MetricsSource& source, Collected collected,
                     Limits limits);
    ~MetricsCollector();
    MetricsCollector(MetricsCollector const&) = delete;
    MetricsCollector& operator=(MetricsCollector const&) = delete;

    /// Adds a project, or takes over its changed settings; one without metrics is forgotten.
    void set(Project const& project);
    void remove(ProjectId id);

    /// The project's first passing check came in: its collection starts now. Later calls do
    /// nothing.
    void passed(ProjectId id);

    void stop();

    struct Figures {
        std::uint64_t collected{0};
        std::uint64_t failed{0};
    };
    [[nodiscard]] Figures const& figures() const noexcept { return figures_; }

private:
    struct Target {
        ProjectId project;
        MetricsSpec spec;
        std::uint64_t identity{0};
        Scheduler::Entry entry{0};
        bool started{false};
        std::unique_ptr<MetricsFetch> fetch;
    };

    void start_due();
    void start_one(Target& target);
    void arm();

    Clock const& clock_;
    MetricsSource& source_;
    Collected collected_;
    Scheduler scheduler_;
    Figures figures_;
    bool stopped_{false};
    std::vector<Scheduler::Start> starts_;
    std::vector<ProjectId> by_entry_;
    std::vector<Scheduler::Entry> free_entries_;
    std::unordered_map<ProjectId, Target> targets_;
    std::unique_ptr<Timer> timer_;  // last: it calls back
};

}  // namespace muster
