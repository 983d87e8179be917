#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

#include <muster/base/time.hpp>
#include <muster/domain/outcome.hpp>
#include <muster/domain/probe_spec.hpp>
#include <muster/ports/inbox.hpp>
#include <muster/ports/prober.hpp>
#include <muster/sharding/handover.hpp>
#include <muster/stats/histogram.hpp>

namespace muster {

/// What Prober::prepare() is given.
struct ProbeRecipe {
    ProbeSpec spec;
    bool reuse{false};
};

/// What the hub wants of a shard. Of one place they are obeyed in their order.
struct ProbeOrder {
    enum class Kind : std::uint8_t {
        start,
        cancel,  ///< Ends a run under way; nothing of it is reported.
        forget,  ///< The place is nobody's any more.
    };

    Kind kind{Kind::start};
    std::uint32_t place{0};  ///< The probe's, in the shard's table.
    std::uint64_t run{0};    ///< Of a start: a number of its own, never 0.
    ProbeRun how;
    std::unique_ptr<ProbeRecipe> recipe;  ///< Of the first start at a place: what is probed there.
};

/// What a run saw. Each start gets one, unless it was cancelled or forgotten meanwhile; then one
/// may come all the same.
struct ProbeReport {
    std::uint32_t place{0};
    std::uint64_t run{0};
    Outcome outcome;
};

/// How a shard is, as it told last.
struct ShardFigures {
    SteadyTime at{};             ///< When; 0: it has told nothing yet.
    DurationHistogram lateness;  ///< From due to started, of all its runs.
    std::size_t in_flight{0};
    std::size_t idle_connections{0};
    Micros loop_lag{0};  ///< See LoopLag::longest().
};

/// The way between the hub's loop and a shard's. Orders that wait are as many as there are probes
/// and caps let start; reports, as were started: a probe counts as under way until the hub has its
/// report, so a loop that falls behind is given less to do.
class ShardLink {
public:
    /// The ways into the two loops, which must outlive it.
    ShardLink(Inbox& to_shard, Inbox& to_hub) : orders(to_shard), reports(to_hub) {}

    Handover<ProbeOrder> orders;
    Handover<ProbeReport> reports;

    // Any thread.
    void tell(ShardFigures const& figures);
    [[nodiscard]] ShardFigures figures() const;

private:
    mutable std::mutex mutex_;
    ShardFigures figures_;  // guarded by mutex_
};

}  // namespace muster
