#include <hub/program_figures.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace muster {
namespace {

constexpr Millis kEvery{1'000};

void append_loop_lag(FigureSheet& sheet, std::string_view name, Micros longest) {
    sheet.gauge("muster_loop_lag_seconds",
                "How late this loop came to what was due, at most, in the last 10 to 20 seconds.",
                std::chrono::duration<double>(longest).count(), {{"loop", name}});
}

}  // namespace

void append_figures_of(FigureSheet& sheet, std::string_view name, ThreadLane const& lane) {
    sheet.gauge("muster_lane_jobs", "Blocking jobs that wait or run on this lane.",
                static_cast<double>(lane.pending()), {{"lane", name}});
    sheet.counter("muster_lane_refused_total", "Jobs that a full lane did not take.",
                  lane.refused(), {{"lane", name}});
}

void append_figures_of(FigureSheet& sheet, std::string_view name, LoopLag const& loop) {
    append_loop_lag(sheet, name, loop.longest());
}

void append_figures_of(FigureSheet& sheet, std::size_t number, ShardLink const& link,
                       ShardFigures const& figures, SteadyTime now) {
    auto const shard = std::to_string(number);
    sheet.durations("muster_shard_lateness_seconds",
                    "From due to started on this shard, of each probe.", figures.lateness,
                    {{"shard", shard}});
    sheet.gauge("muster_shard_probes_in_flight", "Probes that this shard has under way.",
                static_cast<double>(figures.in_flight), {{"shard", shard}});
    constexpr std::string_view kWaiting = "muster_shard_messages_waiting";
    constexpr std::string_view kWaitingHelp =
        "Orders that wait for this shard, and its reports that wait for the hub.";
    sheet.gauge(kWaiting, kWaitingHelp, static_cast<double>(link.orders.waiting()),
                {{"shard", shard}, {"what", "orders"}});
    sheet.gauge(kWaiting, kWaitingHelp, static_cast<double>(link.reports.waiting()),
                {{"shard", shard}, {"what", "reports"}});
    append_loop_lag(sheet, "shard-" + shard, figures.loop_lag);
    if (figures.at != SteadyTime{}) {
        sheet.gauge("muster_shard_figures_age_seconds", "How long ago this shard told its figures.",
                    std::chrono::duration<double>(now - figures.at).count(), {{"shard", shard}});
    }
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
    auto const now = clock_.now().steady;
    figures.at = now;
    gather_(figures.sheet);
    broadcaster_.publish(std::move(figures));
    timer_->arm(now + kEvery);
}

}  // namespace muster
