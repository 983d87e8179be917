#include <muster/hub/hub_figures.hpp>

#include <chrono>
#include <utility>

namespace muster {

void append_figures_of(FigureSheet& sheet, Fleet const& fleet) {
    sheet.gauge("muster_services", "Services that are checked.", static_cast<double>(fleet.size()));
    sheet.gauge("muster_probes_in_flight", "Probes under way.", fleet.in_flight());
    sheet.gauge("muster_probes_held_back",
                "Due probes that wait because their host has as many as it may have.",
                static_cast<double>(fleet.held_back()));
    sheet.durations("muster_schedule_lateness_seconds", "From due to started, of each probe.",
                    fleet.figures().lateness);
}

void append_figures_of(FigureSheet& sheet, MetricsCollector const& collector) {
    constexpr std::string_view kName = "muster_collections_total";
    constexpr std::string_view kHelp = "Collections of projects' own figures, by outcome.";
    sheet.counter(kName, kHelp, collector.figures().collected, {{"outcome", "collected"}});
    sheet.counter(kName, kHelp, collector.figures().failed, {{"outcome", "failed"}});
}

void append_figures_of(FigureSheet& sheet, Recorder const& recorder, JournalState const& journal) {
    sheet.gauge("muster_journal_bytes", "Size of the journal on disk.",
                static_cast<double>(journal.bytes));
    sheet.counter("muster_journal_records_total", "Records the journal has ever numbered.",
                  recorder.last().seq);
    sheet.counter("muster_journal_records_lost_total",
                  "Records that were not taken since the journal could not be written and the "
                  "buffer was full.",
                  recorder.lost());
    sheet.counter("muster_journal_records_given_up_total",
                  "Records that gave way at the journal's byte limit before the store had them.",
                  journal.given_up);
}

void append_figures_of(FigureSheet& sheet, std::string_view name, Follower const& follower) {
    sheet.counter("muster_follower_records_lost_total",
                  "Records that were gone before the follower had read them.", follower.lost(),
                  {{"follower", name}});
}

void append_lag(FigureSheet& sheet, std::string_view follower, Micros lag) {
    sheet.gauge("muster_journal_lag_seconds",
                "How long the oldest record has waited that is not on disk, or that the follower "
                "has not taken.",
                std::chrono::duration<double>(lag).count(), {{"follower", follower}});
}

void append_figures_of(FigureSheet& sheet, ResultStore const& store) {
    sheet.counter("muster_store_rows_too_old_total",
                  "Rows that were past their retention when they reached the store: not written.",
                  store.too_old());
}

void append_figures_of(FigureSheet& sheet, HubCondition const& condition) {
    std::pair<std::string_view, bool> const parts[] = {{"journal", condition.journal.working},
                                                       {"store", condition.store.working},
                                                       {"bus", condition.bus.working}};
    for (auto const& [part, working] : parts) {
        sheet.gauge("muster_part_up", "1 while this part of the hub works, 0 while it is away.",
                    working ? 1 : 0, {{"part", part}});
    }
}

void append_figures_of(FigureSheet& sheet, Hub::Waiting const& waiting) {
    sheet.gauge("muster_journal_unwritten_bytes", "Records that wait for the journal to take them.",
                static_cast<double>(waiting.unwritten_bytes));
    sheet.gauge("muster_checks_awaited", "Checks somebody asked for and waits for.",
                static_cast<double>(waiting.questions));
    sheet.gauge("muster_collections_in_flight", "Collections of projects' own figures under way.",
                static_cast<double>(waiting.collections));
}

}  // namespace muster
