#include <hub/program_figures.hpp>

#include <chrono>
#include <utility>

namespace muster {
namespace {

constexpr Millis kEvery{1'000};

}  // namespace

void append_figures_of(FigureSheet& sheet, std::string_view name, ThreadLane const& lane) {
    sheet.gauge("muster_lane_jobs", "Blocking jobs that wait or run on this lane.",
                static_cast<double>(lane.pending()), {{"lane", name}});
    sheet.counter("muster_lane_refused_total", "Jobs that a full lane did not take.",
                  lane.refused(), {{"lane", name}});
}

void append_figures_of(FigureSheet& sheet, std::string_view name, LoopLag const& loop) {
    sheet.gauge("muster_loop_lag_seconds",
                "How late this loop came to what was due, at most, in the last 10 to 20 seconds.",
                std::chrono::duration<double>(loop.longest()).count(), {{"loop", name}});
}

FigurePublisher::FigurePublisher(Clock const& clock, Timers& timers, Broadcaster& broadcaster,
                                 Gather gather)
    : clock_(clock),
      broadcaster_(broadcaster),
      gather_(std::move(gather)),
      timer_(timers.make([this] { publish(); })) {
    timer_->arm(clock_.now().steady);
}

void FigurePublisher::publish() {
    HubFigures figures;
    figures.at = clock_.now().steady;
    gather_(figures.sheet);
    broadcaster_.publish(std::move(figures));
    timer_->arm(figures.at + kEvery);
}

}  // namespace muster
