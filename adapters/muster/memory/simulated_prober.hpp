#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include <muster/memory/simulated_loop.hpp>
#include <muster/ports/metrics_source.hpp>
#include <muster/ports/prober.hpp>

namespace muster {

/// How a simulated target answers: after how long, and what the probe would see.
struct SimulatedAnswer {
    Micros after{1000};
    Outcome outcome;  ///< `response_time` is set from `after`.
};

[[nodiscard]] SimulatedAnswer passing_answer(Micros after = Micros(1000));
[[nodiscard]] SimulatedAnswer failing_answer(std::string error = "connection refused",
                                             Micros after = Micros(1000));
/// Never answers: the probe's own deadline ends it.
[[nodiscard]] SimulatedAnswer silent_answer();

/// Probes in simulated time: asks a function what the target would do. Takes every kind of spec.
class SimulatedProber final : public Prober {
public:
    /// `target` is target_of(spec); called when a run starts.
    using World = std::function<SimulatedAnswer(std::string const& target, ProbeRun const& run)>;

    SimulatedProber(SimulatedLoop& loop, World world);
    ~SimulatedProber() override;

    [[nodiscard]] Result<std::unique_ptr<Probe>> prepare(ProbeSpec const& spec,
                                                         bool reuse) override;

    struct Figures {
        std::size_t started{0};
        std::size_t in_flight{0};
        std::size_t most_in_flight{0};
    };
    [[nodiscard]] Figures const& figures() const noexcept { return figures_; }

private:
    class SimulatedProbe;

    SimulatedLoop& loop_;
    World const world_;
    Figures figures_;
};

/// Metrics in simulated time.
class SimulatedMetricsSource final : public MetricsSource {
public:
    using World = std::function<Result<MetricsAnswer>(Url const& url)>;

    SimulatedMetricsSource(SimulatedLoop& loop, World world, Micros latency = Micros(1000));

    [[nodiscard]] std::unique_ptr<MetricsFetch> fetch(Request const& request, Done done) override;

private:
    SimulatedLoop& loop_;
    World const world_;
    Micros const latency_;
};

}  // namespace muster
