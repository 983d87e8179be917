#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include <muster/monitoring/loop_lag.hpp>
#include <muster/ports/broadcaster.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/timers.hpp>
#include <muster/runtime/thread_lane.hpp>
#include <muster/sharding/shard_link.hpp>
#include <muster/stats/figure_sheet.hpp>

namespace muster {

void append_figures_of(FigureSheet& sheet, std::string_view name, ThreadLane const& lane);
void append_figures_of(FigureSheet& sheet, std::string_view name, LoopLag const& loop);

/// A shard by its number, from 1, and what it told last.
void append_figures_of(FigureSheet& sheet, std::size_t number, ShardLink const& link,
                       ShardFigures const& figures, SteadyTime now);

/// Tells the edge every second what was counted on the hub's loop. Loop thread only.
class FigurePublisher {
public:
    using Gather = std::function<void(FigureSheet&)>;

    /// All but the function must outlive it.
    FigurePublisher(Clock const& clock, Timers& timers, Broadcaster& broadcaster, Gather gather);

private:
    void publish();

    Clock const& clock_;
    Broadcaster& broadcaster_;
    Gather const gather_;
    std::unique_ptr<Timer> timer_;  // last: it calls back
};

}  // namespace muster
