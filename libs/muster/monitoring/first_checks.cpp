#include <muster/monitoring/first_checks.hpp>

#include <algorithm>

#include <muster/monitoring/phase.hpp>

namespace muster {
namespace {

constexpr double kLeastRate = 50.0;
constexpr double kAboveSteady = 1.15;
/// As much of a second as its checks may be more by.
constexpr Millis kLate{30};

}  // namespace

double FirstChecks::rate() const noexcept {
    return std::max(kLeastRate, kAboveSteady * steady_rate_);
}

SteadyTime FirstChecks::next(SteadyTime now) {
    auto const spacing = std::chrono::duration_cast<SteadyTime::duration>(
        std::chrono::duration<double>(1.0 / rate()));
    auto const at = std::max(now, free_at_);
    free_at_ = at + spacing;
    return at;
}

SteadyTime FirstChecks::start(SteadyTime due, SteadyTime now) {
    return now - due > kLate ? next(now) : now;
}

SteadyTime FirstChecks::second_due(SteadyTime first, Millis interval, std::uint64_t identity) {
    return next_in_phase(first + interval / 2, interval, identity);
}

}  // namespace muster
