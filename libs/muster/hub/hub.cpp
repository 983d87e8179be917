#include <muster/hub/hub.hpp>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include <muster/codec/record_json.hpp>
#include <muster/hub/awaited_checks.hpp>
#include <muster/hub/checkpointer.hpp>
#include <muster/hub/hub_figures.hpp>
#include <muster/hub/journal_room.hpp>
#include <muster/hub/registry_changes.hpp>
#include <muster/hub/restore.hpp>
#include <muster/hub/service_overlays.hpp>
#include <muster/monitoring/fleet_view.hpp>
#include <muster/monitoring/own_faults.hpp>
#include <muster/monitoring/probe_figures.hpp>
#include <muster/recording/bus_follower.hpp>
#include <muster/recording/follower.hpp>
#include <muster/recording/journal_lag.hpp>
#include <muster/recording/recorder.hpp>
#include <muster/recording/rollup_follower.hpp>
#include <muster/recording/trimming.hpp>
#include <muster/registry/plan.hpp>
#include <muster/registry/registry.hpp>

namespace muster {
namespace {

constexpr Millis kLookEvery{500};  ///< How often the hub looks at its own parts.

/// Only what channels carry: changes of health.
BusFollower::Translate translation(std::string hub_id) {
    return [hub_id = std::move(hub_id)](Record const& record, std::vector<BusMessage>& messages) {
        auto const* transition = std::get_if<Transition>(&record.body);
        if (transition != nullptr) {
            messages.push_back(
                {"hub." + hub_id + ".health." + transition->project + "." + transition->name,
                 encode_health_change(hub_id, record.position, *transition)});
        }
    };
}

StoreFollower::Options store_options(HubOptions const& options) {
    StoreFollower::Options result;
    result.hub_id = options.hub_id;
    return result;
}

RollupFollower::Options rollup_options(HubOptions const& options) {
    RollupFollower::Options result;
    result.hub_id = options.hub_id;
    return result;
}

BusFollower::Options bus_options(HubOptions const& options) {
    BusFollower::Options result;
    result.hub_id = options.hub_id;
    result.routine = false;  // see translation()
    return result;
}

Recorder::Options recorder_options(HubOptions const& options) {
    Recorder::Options result;
    result.sync_within = options.sync_within;
    return result;
}

}  // namespace

/// Members in the order of the data's path; what calls back comes last.
struct Hub::Impl final : FleetObserver {
    Impl(HubOptions hub_options, HubPorts hub_ports);

    Result<void> start(std::span<ProjectSpec const> projects,
                       std::span<MaintenanceSpec const> windows);
    void watch_all(Restored& restored);
    void stop(SteadyTime deadline, UniqueFunction<void()> done);

    [[nodiscard]] Result<ReloadReport> reload(std::span<ProjectSpec const> projects,
                                              std::span<MaintenanceSpec const> windows);
    [[nodiscard]] Result<void> ready_to_change() const;
    [[nodiscard]] Result<void> accepts(Plan const& plan);
    [[nodiscard]] Result<void> carry_out(Plan const& plan);
    [[nodiscard]] Result<RegisteredService> registered(Result<Plan> const& plan,
                                                       std::optional<ServiceId> id);
    void check_now(ServiceId id, HubCommands::Wait wait, HubCommands::CheckDone done);

    void checked(Service const& service, Tracker const& tracker, Judged const& judged) override;
    void collected(ProjectMetrics metrics);
    void not_collected(std::string_view project, Error const& error);
    void learned(RecordBody const& body);
    void commit_soon();
    void commit();
    void show();
    void look_at_parts();
    void watch_ourselves(Service const& service, CheckResult const& result);
    void note_transition(Service const& service, Transition& transition);
    void tell_transition(Service const& service, Transition transition);
    void problem(std::string what, std::string description, bool over, WallTime at);
    void told(HubCondition::Part const& before, HubCondition::Part const& now, char const* what);
    void note_alive();
    void append_figures(FigureSheet& sheet) const;
    [[nodiscard]] Checkpoint checkpoint() const;

    HubOptions const options;
    HubPorts const ports;
    Registry registry;
    FleetView view;
    Recorder recorder;
    StoreFollower store_follower;
    RollupFollower rollup_follower;
    /// A note that we live is on its way; shared: the hub may be gone when it arrives.
    std::shared_ptr<bool> const noting_alive{std::make_shared<bool>(false)};
    BusFollower bus_follower;
    Checkpointer checkpointer;
    JournalRoom journal_room;
    HistoryRetention history;
    MetricsCollector collector;
    OwnFaults own_faults;
    Fleet fleet;
    RegistryChanges changes;
    ServiceOverlays overlays;
    AwaitedChecks awaited;
    ProbeFigures probes;
    JournalLag lag;
    HubCondition condition;
    std::uint64_t epoch{0};
    std::uint64_t replayed{0};
    bool commit_armed{false};
    bool show_armed{false};
    bool show_due{false};
    bool stopping{false};
    std::unique_ptr<Timer> commit_timer;
    std::unique_ptr<Timer> show_timer;
    std::unique_ptr<Timer> look_timer;
    std::unique_ptr<Timer> alive_timer;
};

Hub::Impl::Impl(HubOptions hub_options, HubPorts hub_ports)
    : options(std::move(hub_options)),
      ports(hub_ports),
      recorder(ports.journal, ports.clock, ports.timers, ports.sync_lane, ports.log,
               recorder_options(options)),
      store_follower(ports.journal, ports.journal.reader(), ports.store, ports.store_lane,
                     ports.clock, ports.timers, ports.log, store_options(options)),
      rollup_follower(ports.journal, ports.journal.reader(), ports.store, ports.store_lane,
                      ports.clock, ports.timers, ports.log, rollup_options(options)),
      bus_follower(ports.journal, ports.journal.reader(), ports.bus, translation(options.hub_id),
                   ports.bus_lane, ports.clock, ports.timers, ports.log, bus_options(options)),
      checkpointer(recorder, ports.checkpoints, ports.checkpoint_lane, ports.clock, ports.timers,
                   ports.log, options.checkpoint_every, [this] { return checkpoint(); }),
      journal_room(ports.journal, ports.checkpoint_lane, ports.clock, ports.log),
      history(ports.store, ports.store_lane, ports.clock, ports.timers, ports.log,
              options.forget_every, options.retention),
      collector(
          ports.clock, ports.timers, ports.metrics,
          [this](ProjectMetrics metrics) { collected(std::move(metrics)); },
          [this](std::string_view project, Error const& error) { not_collected(project, error); },
          options.metrics_limits),
      fleet(ports.clock, ports.timers, ports.prober, *this, options.limits),
      changes(registry, fleet, view, collector),
      overlays(registry, fleet, view, ports.zones, ports.clock, ports.timers, ports.log,
               [this](RecordBody const& body) { learned(body); }),
      commit_timer(ports.timers.make([this] { commit(); })),
      show_timer(ports.timers.make([this] {
          show_due = true;
          commit();  // nothing is shown before it is written
      })),
      look_timer(ports.timers.make([this] { look_at_parts(); })),
      alive_timer(ports.timers.make([this] { note_alive(); })) {
    fleet.set_caps(options.limits, options.group_caps);
    recorder.on_written([this](std::uint64_t seq) {
        lag.wrote(seq, ports.clock.now().steady);
        bus_follower.wrote(seq);
    });
    recorder.on_durable([this](std::uint64_t seq) {
        store_follower.wrote(seq);
        rollup_follower.wrote(seq);
    });
    store_follower.on_gap([this](Gap gap) { learned(std::move(gap)); });
    rollup_follower.on_gap([this](Gap gap) { learned(std::move(gap)); });
    bus_follower.on_gap([this](Gap gap) { learned(std::move(gap)); });
    checkpointer.on_saved([this](std::uint64_t seq) {
        auto const stored =
            forgettable(seq, {store_follower.position(), rollup_follower.position()});
        ports.journal.may_go(stored);
        auto trimmed = ports.journal.trim(forgettable(stored, {bus_follower.position()}),
                                          ports.clock.now().wall);
        if (!trimmed) {
            ports.log.write(LogLevel::warn, "journal", "cannot trim: " + trimmed.error().message);
        }
    });
}

Result<void> Hub::Impl::start(std::span<ProjectSpec const> projects,
                              std::span<MaintenanceSpec const> windows) {
    auto restored = restore_hub(ports.checkpoints, ports.journal, ports.log);
    if (!restored) {
        return tl::unexpected(std::move(restored.error()));
    }
    if (!restored->hub_id.empty() && restored->hub_id != options.hub_id) {
        return failure(Errc::conflict, "the data folder belongs to the hub '" + restored->hub_id +
                                           "', not to '" + options.hub_id +
                                           "': give this hub a folder of its own");
    }
    auto const now = ports.clock.now();
    replayed = restored->replayed;
    registry = std::move(restored->registry);
    // Above every epoch of this data folder, and of one that was lost.
    auto const seconds = std::chrono::floor<std::chrono::seconds>(now.wall.time_since_epoch());
    epoch = std::max(restored->last_epoch + 1, static_cast<std::uint64_t>(seconds.count()));
    recorder.start_epoch(epoch);
    learned(HubStarted{options.hub_id, options.version, now.wall});
    lose_sight(restored->trackers, now.wall);
    auto plan = plan_configuration(registry, projects, windows, now.wall);
    if (!plan) {
        return tl::unexpected(std::move(plan.error()));
    }
    for (auto const& warning : plan->warnings) {
        ports.log.write(LogLevel::warn, "config", warning);
    }
    auto accepted = accepts(*plan);
    if (!accepted) {
        return accepted;
    }
    for (auto const& change : plan->records) {
        if (auto const* changed = std::get_if<ServiceChanged>(&change)) {
            start_over_if_reprobed(restored->trackers, registry, *changed);
        }
        registry.apply(change);
        learned(change);
    }
    watch_all(*restored);
    overlays.start();
    for (auto& [id, transition] : restored->untold) {
        if (auto const* service = registry.find(id)) {
            note_transition(*service, transition);  // the picture begins with what it led to
        }
    }
    recorder.commit();
    if (!recorder.healthy()) {
        return failure(Errc::unavailable, "the journal cannot be written: " + recorder.problem());
    }
    // Where the disk takes it, no epoch is shown that a power loss would let be given again.
    recorder.sync_here();
    auto picture = view.take(epoch, recorder.last().seq, true);
    changes.describe(picture, true);
    ports.broadcaster.publish(std::move(picture));
    history.start();
    store_follower.start();
    rollup_follower.start();
    bus_follower.start();
    checkpointer.start();
    condition.started = true;
    look_at_parts();
    alive_timer->arm(now.steady + options.note_alive_every);
    return {};
}

void Hub::Impl::watch_all(Restored& restored) {
    auto const now = ports.clock.now().wall;
    for (auto const& [id, project] : registry.projects()) {
        view.set_project(*project);
        collector.set(*project);
        auto const metrics = restored.latest_metrics.find(id);
        if (metrics != restored.latest_metrics.end()) {
            view.add_metrics(std::move(metrics->second));
        }
    }
    std::vector<Fleet::Member> members;
    members.reserve(registry.services().size());
    for (auto const& [id, service] : registry.services()) {
        auto& tracker = restored.trackers[id];
        view.set_service(*service, tracker, now);
        if (tracker.health.status == HealthStatus::down) {
            overlays.was_down(id);
        }
        members.push_back({service, std::move(tracker)});
    }
    for (auto const& error : fleet.add(std::move(members))) {
        problem("probing", error.message + ": its checks do not count until that is mended", false,
                now);
    }
}

void Hub::Impl::stop(SteadyTime deadline, UniqueFunction<void()> done) {
    fleet.stop();
    awaited.end({Errc::unavailable, "the hub is stopping"});  // answered by the commit below
    collector.stop();
    checkpointer.stop();
    history.stop();
    overlays.stop();
    alive_timer->disarm();
    stopping = true;
    auto const stopped_at = ports.clock.now().wall;
    fleet.lose_sight(stopped_at);  // the last checkpoint lies behind the record that tells it
    learned(HubStopped{stopped_at});
    commit();
    show();
    auto finish = std::make_shared<UniqueFunction<void()>>(std::move(done));
    // Both followers of the store at once: they share its lane, and a stop has little time.
    auto drained = [this, finish, left = std::make_shared<int>(2)] {
        if (--*left > 0) {
            return;
        }
        store_follower.stop();
        rollup_follower.stop();
        bus_follower.stop();
        checkpointer.save([this, finish] {
            for (auto* timer : {commit_timer.get(), show_timer.get(), look_timer.get()}) {
                timer->disarm();
            }
            (*finish)();
        });
    };
    recorder.flush_and_sync([this, deadline, drained = std::move(drained)]() mutable {
        auto const durable = ports.journal.state().durable_seq;
        store_follower.wrote(durable);
        rollup_follower.wrote(durable);
        store_follower.drain(drained, deadline);
        rollup_follower.drain(drained, deadline);
    });
}

Result<ReloadReport> Hub::Impl::reload(std::span<ProjectSpec const> projects,
                                       std::span<MaintenanceSpec const> windows) {
    auto const ready = ready_to_change();
    if (!ready) {
        return tl::unexpected(ready.error());
    }
    auto const now = ports.clock.now().wall;
    auto plan = plan_configuration(registry, projects, windows, now);
    if (!plan) {
        return tl::unexpected(std::move(plan.error()));
    }
    auto const touched = [&plan](ChangeAction action) {
        return static_cast<std::uint32_t>(plan->count(action));
    };
    plan->records.emplace_back(
        ConfigReloaded{touched(ChangeAction::added),
                       touched(ChangeAction::changed) + touched(ChangeAction::renamed),
                       touched(ChangeAction::removed), now});
    auto done = carry_out(*plan);
    if (!done) {
        return tl::unexpected(std::move(done.error()));
    }
    return ReloadReport{std::move(plan->changes), {}, std::move(plan->warnings)};
}

Result<void> Hub::Impl::ready_to_change() const {
    if (!condition.started || stopping) {
        return failure(Errc::unavailable, "the hub is stopping");
    }
    if (!recorder.healthy()) {
        return failure(Errc::unavailable,
                       "nothing was changed, the journal cannot be written: " + recorder.problem());
    }
    return {};
}

/// Whether all of a plan can be carried out: every probe can be prepared, every window's zone is
/// known. Changes nothing.
Result<void> Hub::Impl::accepts(Plan const& plan) {
    auto accepted = changes.check(plan);
    return accepted ? overlays.accepts(plan) : accepted;
}

/// Applies a plan as a whole or not at all, and writes it down.
Result<void> Hub::Impl::carry_out(Plan const& plan) {
    auto accepted = accepts(plan);
    if (!accepted) {
        return accepted;
    }
    auto const touched = overlays.touched_by(plan);
    for (auto const& record : plan.records) {
        learned(record);
    }
    for (auto const id : changes.apply(plan, ports.clock.now().wall)) {
        awaited.gone(id);
    }
    overlays.changed(touched);
    show_due = true;  // whoever asked for it may look at once
    commit();
    if (!recorder.healthy()) {
        return failure(Errc::in_doubt, "done, but not yet in the journal: " + recorder.problem());
    }
    return {};
}

Result<RegisteredService> Hub::Impl::registered(Result<Plan> const& plan,
                                                std::optional<ServiceId> id) {
    if (!plan) {
        return tl::unexpected(plan.error());
    }
    RegisteredService result;
    for (auto const& record : plan->records) {
        auto const* changed = std::get_if<ServiceChanged>(&record);
        if (changed != nullptr && !id) {
            id = changed->service.id;
            result.added = changed->added;
        }
    }
    auto const done = carry_out(*plan);
    if (!done) {
        return tl::unexpected(done.error());
    }
    result.service = *registry.find(*id);
    return result;
}

void Hub::Impl::check_now(ServiceId id, HubCommands::Wait wait, HubCommands::CheckDone done) {
    if (!condition.started || stopping) {
        done(failure(Errc::unavailable, "the hub is stopping"));
    } else if (!fleet.check_now(id)) {
        done(failure(Errc::not_found, "no service " + std::to_string(id.value)));
    } else if (wait == HubCommands::Wait::started) {
        done(std::nullopt);
    } else {
        awaited.wait_for(id, std::move(done));
    }
}

void Hub::Impl::checked(Service const& service, Tracker const& tracker, Judged const& judged) {
    auto const& result = judged.result;
    learned(result);
    awaited.heard(result);
    probes.count(kind_of(service.spec.probe), result.outcome);
    watch_ourselves(service, result);
    view.set_service(service, tracker, result.accepted_at, &result.outcome);
    if (auto transition = transition_of(service, judged)) {
        tell_transition(service, *std::move(transition));
    }
    if (judged.flapping) {
        overlays.flapping(service, tracker, *judged.flapping, result.accepted_at);
    }
    if (tracker.running) {
        collector.passed(service.project_id);
    } else if (result.outcome.verdict != Verdict::not_counted &&
               (judged.change || tracker.health.status != HealthStatus::down)) {
        // Of one that is long down nobody need be asked.
        overlays.suspect_dependencies(service, result);
    }
}

/// In the journal and in the log.
void Hub::Impl::note_transition(Service const& service, Transition& transition) {
    bool const down = transition.to == HealthStatus::down;
    if (down) {
        transition.reason.root = overlays.root_cause(service.id);
    }
    learned(transition);
    ports.log.write(down ? LogLevel::warn : LogLevel::info,
                    service.spec.project + "/" + service.spec.name, describe(transition));
}

void Hub::Impl::tell_transition(Service const& service, Transition transition) {
    note_transition(service, transition);
    bool const down = transition.to == HealthStatus::down;
    bool const was_down = transition.from == HealthStatus::down;
    auto const error = transition.reason.error;
    view.add_transition(std::move(transition));
    if (down || was_down) {
        overlays.went(service.id, down, error);
    }
}

/// Checks in a row that fail by our own fault are a problem of the hub: told once, and when it
/// ends.
void Hub::Impl::watch_ourselves(Service const& service, CheckResult const& result) {
    if (!own_faults.touched_by(result.outcome)) {
        return;
    }
    bool const remote = is_remote(service.spec.probe);
    for (auto& told : own_faults.take(result.outcome, remote)) {
        problem(std::string(part_of(told.fault)), std::move(told.description), told.over,
                result.accepted_at);
    }
}

void Hub::Impl::collected(ProjectMetrics metrics) {
    learned(metrics);
    view.add_metrics(std::move(metrics));
}

/// A project without metrics is none that is wrong.
void Hub::Impl::not_collected(std::string_view project, Error const& error) {
    auto const level = error.code == Errc::not_found ? LogLevel::debug : LogLevel::warn;
    ports.log.write(level, project, "metrics: " + error.message);
}

/// Everything that the hub learns goes this way: to the journal first, to be shown afterwards.
void Hub::Impl::learned(RecordBody const& body) {
    recorder.record(body);
    commit_soon();
}

void Hub::Impl::commit_soon() {
    if (!commit_armed) {
        commit_armed = true;
        commit_timer->arm(ports.clock.now().steady + options.write_within);
    }
}

void Hub::Impl::commit() {
    commit_armed = false;
    commit_timer->disarm();
    recorder.commit();
    awaited.answer();
    if (view.urgent() || show_due) {
        show();
    } else if (view.changed() && !show_armed) {
        show_armed = true;
        show_timer->arm(ports.clock.now().steady + options.show_within);
    }
}

void Hub::Impl::show() {
    show_armed = false;
    show_due = false;
    show_timer->disarm();
    if (view.changed() || changes.changed()) {
        auto delta = view.take(epoch, recorder.last().seq);
        changes.describe(delta);
        ports.broadcaster.publish(std::move(delta));
    }
}

void Hub::Impl::look_at_parts() {
    journal_room.look();
    history.look();
    auto now = condition;
    now.journal = recorder.condition();
    now.store = store_follower.condition();
    if (now.store.working) {
        now.store = rollup_follower.condition();  // the other half of the same store
    }
    now.bus = bus_follower.condition();
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

void Hub::Impl::told(HubCondition::Part const& before, HubCondition::Part const& now,
                     char const* what) {
    if (before.working == now.working) {
        return;
    }
    problem(what, now.working ? std::string(what) + " works again" : now.problem, now.working,
            ports.clock.now().wall);
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

Checkpoint Hub::Impl::checkpoint() const {
    Checkpoint result;
    result.hub_id = options.hub_id;
    result.epoch = epoch;
    result.as_of = {ports.journal.state().id, recorder.last().seq};
    result.next_project_id = registry.next_ids().project;
    result.next_service_id = registry.next_ids().service;
    result.next_maintenance_id = registry.next_ids().maintenance;
    for (auto const& [id, project] : registry.projects()) {
        result.projects.push_back(*project);
    }
    result.services.reserve(fleet.size());
    fleet.each([&result](Service const& service, Tracker const& tracker) {
        result.services.push_back({service, tracker});
    });
    std::sort(
        result.services.begin(), result.services.end(),
        [](auto const& left, auto const& right) { return left.service.id < right.service.id; });
    result.tombstones = registry.tombstones();
    for (auto const& [id, window] : registry.windows()) {
        result.windows.push_back(window);
    }
    for (auto const& [id, metrics] : view.latest_metrics()) {
        result.latest_metrics.push_back(metrics);
    }
    return result;
}

Hub::Hub(HubOptions options, HubPorts ports)
    : impl_(std::make_unique<Impl>(std::move(options), ports)) {}

Hub::~Hub() = default;

Result<void> Hub::start(std::span<ProjectSpec const> projects,
                        std::span<MaintenanceSpec const> windows) {
    return impl_->start(projects, windows);
}

Result<ReloadReport> Hub::reload(std::span<ProjectSpec const> projects,
                                 std::span<MaintenanceSpec const> windows) {
    return impl_->reload(projects, windows);
}

Result<ReloadReport> Hub::plan(std::span<ProjectSpec const> projects,
                               std::span<MaintenanceSpec const> windows) {
    auto plan =
        plan_configuration(impl_->registry, projects, windows, impl_->ports.clock.now().wall);
    if (!plan) {
        return tl::unexpected(std::move(plan.error()));
    }
    auto const accepted = impl_->accepts(*plan);
    if (!accepted) {
        return tl::unexpected(accepted.error());
    }
    return ReloadReport{std::move(plan->changes), {}, std::move(plan->warnings)};
}

Result<RegisteredService> Hub::register_service(ServiceSpec spec) {
    auto const ready = impl_->ready_to_change();
    if (!ready) {
        return tl::unexpected(ready.error());
    }
    auto const* known = impl_->registry.find_service(spec.project, spec.name);
    auto const id = known != nullptr ? std::optional(known->id) : std::nullopt;
    return impl_->registered(
        plan_registration(impl_->registry, std::move(spec), impl_->ports.clock.now().wall), id);
}

Result<RegisteredService> Hub::replace_service(ServiceId id, ServiceSpec spec) {
    auto const ready = impl_->ready_to_change();
    if (!ready) {
        return tl::unexpected(ready.error());
    }
    return impl_->registered(
        plan_replacement(impl_->registry, id, std::move(spec), impl_->ports.clock.now().wall), id);
}

Result<void> Hub::remove_service(ServiceId id) {
    auto const ready = impl_->ready_to_change();
    if (!ready) {
        return ready;
    }
    auto const plan = plan_removal(impl_->registry, id, impl_->ports.clock.now().wall);
    return plan ? impl_->carry_out(*plan) : tl::unexpected(plan.error());
}

void Hub::check_now(ServiceId id, HubCommands::Wait wait, HubCommands::CheckDone done) {
    impl_->check_now(id, wait, std::move(done));
}

Result<Maintenance> Hub::add_window(MaintenanceSpec spec) {
    auto const ready = impl_->ready_to_change();
    if (!ready) {
        return tl::unexpected(ready.error());
    }
    auto const plan = plan_window(impl_->registry, std::move(spec), impl_->ports.clock.now().wall);
    auto const done = impl_->carry_out(plan);
    if (!done) {
        return tl::unexpected(done.error());
    }
    return std::get<MaintenanceChanged>(plan.records.front()).window;
}

Result<void> Hub::remove_window(MaintenanceId id) {
    auto const ready = impl_->ready_to_change();
    if (!ready) {
        return ready;
    }
    auto const plan = plan_window_removal(impl_->registry, id, impl_->ports.clock.now().wall);
    return plan ? impl_->carry_out(*plan) : tl::unexpected(plan.error());
}

void Hub::tell_problem(std::string what, std::string description, bool over) {
    impl_->problem(std::move(what), std::move(description), over, impl_->ports.clock.now().wall);
}

void Hub::stop(SteadyTime deadline, UniqueFunction<void()> done) {
    impl_->stop(deadline, std::move(done));
}

void Hub::set_caps(Scheduler::Limits limits, Fleet::GroupCaps const& groups) {
    impl_->fleet.set_caps(limits, groups);
}

void Hub::set_retention(HubRetention retention) {
    impl_->history.set(retention);
}

Hub::Figures Hub::figures() const {
    Figures figures;
    figures.checks = impl_->fleet.figures();
    figures.metrics = impl_->collector.figures();
    figures.in_flight = impl_->fleet.in_flight();
    figures.held_back = impl_->fleet.held_back();
    figures.epoch = impl_->epoch;
    figures.last_seq = impl_->recorder.last().seq;
    figures.replayed = impl_->replayed;
    return figures;
}

Hub::Waiting Hub::waiting() const {
    Waiting waiting;
    waiting.unwritten_bytes = impl_->recorder.unwritten_bytes();
    waiting.journal_marks = impl_->lag.marks();
    waiting.questions = impl_->awaited.size();
    waiting.collections = impl_->collector.in_flight();
    return waiting;
}

void Hub::append_figures(FigureSheet& sheet) const {
    impl_->append_figures(sheet);
}

void Hub::each(std::function<void(Service const&, Tracker const&)> const& visit) const {
    impl_->fleet.each(visit);
}

}  // namespace muster
