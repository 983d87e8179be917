#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <muster/monitoring/stall_watch.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/prober.hpp>
#include <muster/ports/timers.hpp>
#include <muster/sharding/shard_link.hpp>
#include <muster/stats/histogram.hpp>

namespace muster {

/// The shard's side: runs the probes that a ShardedProber orders on the loop of its timers and its
/// prober, and reports what they see. That loop's thread only.
class ProbingShard final : private ProbeObserver {
public:
    /// All must outlive it.
    ProbingShard(ShardLink& link, Clock const& clock, Timers& timers, Prober& prober);
    ~ProbingShard() override;  ///< Ends runs under way; nothing is reported any more.
    ProbingShard(ProbingShard const&) = delete;
    ProbingShard& operator=(ProbingShard const&) = delete;

    struct Figures {
        DurationHistogram lateness;  ///< From due to started, of each run.
        std::size_t in_flight{0};
        std::size_t probes{0};  ///< Places taken.
    };
    [[nodiscard]] Figures const& figures() const noexcept { return figures_; }

private:
    struct Place {
        std::unique_ptr<ProbeRecipe> recipe;  ///< Until it could be prepared.
        std::uint64_t run{0};                 ///< Under way; 0: none.
        SteadyTime started{};
        bool taken{false};
        std::unique_ptr<Probe> probe;  // last: its run ends before anything it could reach
    };

    void obey(std::vector<ProbeOrder>& orders);
    void start(ProbeOrder& order);
    void probed(std::uint64_t place, Outcome outcome) override;
    void end_run(Place& place);

    ShardLink& link_;
    Clock const& clock_;
    Prober& prober_;
    Figures figures_;
    StallWatch stalls_;
    std::vector<Place> places_;
};

}  // namespace muster
