#include <muster/monitoring/phase.hpp>

namespace muster {

SteadyTime next_in_phase(SteadyTime after, Millis interval, std::uint64_t identity) {
    auto const period = std::chrono::duration_cast<SteadyTime::duration>(interval);
    auto const offset = SteadyTime::duration(
        static_cast<std::int64_t>(identity % static_cast<std::uint64_t>(period.count())));
    auto const since = after.time_since_epoch() - offset;
    auto turns = since / period;
    if (since.count() < 0 && since % period != SteadyTime::duration::zero()) {
        --turns;  // round down, not towards zero
    }
    return SteadyTime(offset + (turns + 1) * period);
}

}  // namespace muster
