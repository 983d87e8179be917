#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <muster/base/unique_function.hpp>
#include <muster/domain/metrics_map.hpp>
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
    /// Told why a project's figures are not to be had; of the same reason once, until it changes or
    /// figures come again. Errors: as MetricsSource::fetch(), and invalid for a map that is wrong.
    using Failed = UniqueFunction<void(std::string_view project, Error const&)>;

    struct Limits {
        std::uint32_t in_flight{64};
    };

    /// All references must outlive the collector.
    MetricsCollector(Clock const& clock, Timers& timers, MetricsSource& source, Collected collected,
                     Failed failed, Limits limits);
    ~MetricsCollector();
    MetricsCollector(MetricsCollector const&) = delete;
    MetricsCollector& operator=(MetricsCollector const&) = delete;

    /// Adds a project, or takes over its changed settings; one without metrics is forgotten. What
    /// counters had shown is forgotten too: rates begin afresh.
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
    [[nodiscard]] std::uint32_t in_flight() const noexcept { return scheduler_.running(); }

private:
    struct Target {
        ProjectId project;
        std::string name;
        MetricsSpec spec;
        MetricsMap map;
        CounterMemory counters;
        std::string problem;  ///< That was told last; empty: figures came.
        std::uint64_t identity{0};
        Scheduler::Entry entry{0};
        bool started{false};
        std::unique_ptr<MetricsFetch> fetch;
    };

    void start_due();
    void start_one(Target& target);
    void took(Target& target, Result<MetricsAnswer> answer);
    void tell(Target& target, Error const& error);
    void arm();

    Clock const& clock_;
    MetricsSource& source_;
    Collected collected_;
    Failed failed_;
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
