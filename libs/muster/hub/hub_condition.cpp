#include <muster/hub/hub_impl.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

#include <muster/hub/hub_figures.hpp>

namespace muster {
namespace {

constexpr Millis kLookEvery{500};  ///< How often the hub looks at its own parts.

/// What follower and asker say of the same part.
HubCondition::Part both(HubCondition::Part fed, HubCondition::Part const& asked) {
    if (fed.working) {
        return asked;
    }
    if (!asked.working && asked.since && (!fed.since || *asked.since < *fed.since)) {
        fed.since = asked.since;
    }
    return fed;
}

std::string end_of_absence(char const* what, HubCondition::Part const& before, SteadyTime now) {
    auto text = std::string(what) + " works again";
    if (before.since) {
        text += " after " +
                format_duration(std::chrono::ceil<std::chrono::seconds>(now - *before.since));
    }
    return text;
}

}  // namespace

void Hub::Impl::look_at_parts() {
    journal_room.look();
    history.look();
    auto now = condition;
    now.journal = recorder.condition();
    now.store = store_follower.condition();
    if (now.store.working) {
        now.store = rollup_follower.condition();  // the other half of the same store
    }
    if (store_watch) {
        store_watch->set_reachable(now.store.working);
        now.store = both(std::move(now.store), store_watch->condition());
    }
    now.bus = bus_follower.condition();
    if (announcer) {
        announcer->set_reachable(now.bus.working);
        now.bus = both(std::move(now.bus), announcer->condition());
    }
    now.store_awaited = ports.store_server != nullptr && !store_follower.position();
    now.bus_awaited = options.bus_is_shared && !bus_follower.position();
    now.journal_last_seq = recorder.written_seq();
    now.store_seq = store_follower.position().value_or(0);
    lag.passed(
        std::min({ports.journal.state().durable_seq, now.store_seq,
                  rollup_follower.position().value_or(0), bus_follower.position().value_or(0)}));
    told(condition.journal, now.journal, "journal");
    told(condition.store, now.store, "store");
    told(condition.bus, now.bus, "bus");
    condition = std::move(now);
    ports.broadcaster.publish(condition);
    look_timer->arm(ports.clock.now().steady + kLookEvery);
}

/// Told at once; and who waits for one that is back need wait no longer.
void Hub::Impl::store_came_or_went() {
    if (stopping) {
        return;
    }
    if (store_watch->condition().working) {
        store_follower.try_again();
        rollup_follower.try_again();
    }
    look_at_parts();
}

void Hub::Impl::bus_came_or_went() {
    if (stopping) {
        return;
    }
    if (announcer->condition().working) {
        bus_follower.try_again();
    }
    look_at_parts();
}

void Hub::Impl::told(HubCondition::Part const& before, HubCondition::Part const& now,
                     char const* what) {
    if (before.working == now.working) {
        return;
    }
    auto const at = ports.clock.now();
    problem(what, now.working ? end_of_absence(what, before, at.steady) : now.problem, now.working,
            at.wall);
}

void Hub::Impl::problem(std::string what, std::string description, bool over, WallTime at) {
    ports.log.write(over ? LogLevel::info : LogLevel::error, what, description);
    learned(HubProblem{std::move(what), std::move(description), over, at});
}

void Hub::Impl::note_alive() {
    auto const now = ports.clock.now();
    alive_timer->arm(now.steady + options.note_alive_every);
    // In a store that is slower than this they would stand before the results.
    if (std::exchange(*noting_alive, true)) {
        return;
    }
    // A store that is away has nowhere to write it: its follower tells of that.
    *noting_alive = submit_to(
        ports.store_lane,
        [&store = ports.store, hub_id = options.hub_id, at = now.wall] {
            return store.note_alive(hub_id, at);
        },
        [noting = noting_alive](Result<void> const&) { *noting = false; });
}

/// Projects and members for the bus: the document itself is made on its lane.
HealthSummary Hub::Impl::summary() const {
    HealthSummary summary;
    summary.projects.reserve(registry.projects().size());
    for (auto const& [id, project] : registry.projects()) {
        summary.projects.push_back(project);
    }
    summary.members.reserve(registry.services().size());
    for (auto const& [id, service] : registry.services()) {
        HealthSummary::Member member;
        member.service = service;
        if (auto const* const shown = view.find(id)) {
            member.status = shown->status;
            member.response_time = shown->response_time;
            member.running = shown->running;
            member.endpoints_healthy = shown->details.endpoints_healthy;
            member.endpoints_total = shown->details.endpoints_total;
        }
        member.not_down_since = announcer->not_down_since(id);
        summary.members.push_back(std::move(member));
    }
    return summary;
}

void Hub::Impl::append_figures(FigureSheet& sheet) const {
    auto const now = ports.clock.now().steady;
    auto const journal = ports.journal.state();
    sheet.gauge("muster_build_info", "Always 1; its labels say what runs here.", 1,
                {{"hub", options.hub_id}, {"version", options.version}});
    probes.append_to(sheet);
    append_figures_of(sheet, fleet);
    append_figures_of(sheet, collector);
    append_figures_of(sheet, recorder, journal);
    append_figures_of(sheet, ports.store);
    append_figures_of(sheet, condition);
    append_lag(sheet, "disk", lag.behind(journal.durable_seq, now));
    for (auto const& [name, follower] :
         {std::pair<char const*, Follower const&>("store", store_follower),
          std::pair<char const*, Follower const&>("rollup", rollup_follower),
          std::pair<char const*, Follower const&>("bus", bus_follower)}) {
        append_figures_of(sheet, name, follower);
        append_lag(sheet, name, lag.behind(follower.position().value_or(0), now));
    }
}

}  // namespace muster
