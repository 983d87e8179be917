#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <muster/base/unique_function.hpp>
#include <muster/domain/health.hpp>
#include <muster/domain/outcome.hpp>
#include <muster/domain/service.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/prober.hpp>

namespace muster {

/// What one look at a service gave.
struct CheckedService {
    ServiceSpec const* service{nullptr};
    HealthStatus status{HealthStatus::unknown};  ///< Unknown: it could not be checked.
    WallTime started_at{};
    Outcome outcome;
};

/// Probes every service once, at most so many at a time. One failed check is down at once. Loop
/// thread only. Destroying it ends the probes under way; `done` then never runs.
class CheckRound final : private ProbeObserver {
public:
    using Done = UniqueFunction<void()>;

    /// `services`, `prober` and `clock` must outlive the round. `done` runs once, never inside
    /// start(), and must not destroy the round; not at all where it is idle() after start().
    CheckRound(std::vector<ServiceSpec> const& services, Prober& prober, Clock const& clock,
               std::size_t in_flight, Done done);
    ~CheckRound() override;
    CheckRound(CheckRound const&) = delete;
    CheckRound& operator=(CheckRound const&) = delete;

    void start();

    /// Nothing is under way and nothing left to start.
    [[nodiscard]] bool idle() const noexcept {
        return in_flight_ == 0 && next_ == services_.size();
    }

    /// In the order of the services; what is not known yet says so.
    [[nodiscard]] std::vector<CheckedService> const& results() const noexcept { return results_; }

private:
    void probed(std::uint64_t token, Outcome outcome) override;
    void start_more();
    void start_one(std::size_t index);
    void take(std::size_t index, Outcome outcome);

    std::vector<ServiceSpec> const& services_;
    Prober& prober_;
    Clock const& clock_;
    std::size_t const in_flight_limit_;
    Done done_;
    std::vector<CheckedService> results_;
    std::size_t next_{0};
    std::size_t in_flight_{0};
    std::vector<std::unique_ptr<Probe>> probes_;  // last: cancelled before what it reports to
};

}  // namespace muster
