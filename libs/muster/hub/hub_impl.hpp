#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <muster/hub/awaited_checks.hpp>
#include <muster/hub/bus_announcer.hpp>
#include <muster/hub/bus_documents.hpp>
#include <muster/hub/checkpointer.hpp>
#include <muster/hub/history_retention.hpp>
#include <muster/hub/hub.hpp>
#include <muster/hub/journal_room.hpp>
#include <muster/hub/registry_changes.hpp>
#include <muster/hub/restore.hpp>
#include <muster/hub/service_overlays.hpp>
#include <muster/hub/store_watch.hpp>
#include <muster/monitoring/fleet_view.hpp>
#include <muster/monitoring/own_faults.hpp>
#include <muster/monitoring/probe_figures.hpp>
#include <muster/recording/bus_follower.hpp>
#include <muster/recording/checkpoint.hpp>
#include <muster/recording/follower.hpp>
#include <muster/recording/journal_lag.hpp>
#include <muster/recording/recorder.hpp>
#include <muster/recording/rollup_follower.hpp>
#include <muster/registry/plan.hpp>
#include <muster/registry/registry.hpp>

namespace muster {

/// The parts of a hub, in the order of the data's path; what calls back comes last. Its functions
/// lie in files by what they do: hub_wiring, hub_start, hub_changes, hub_checks, hub_commit,
/// hub_condition, hub_checkpoint, hub_stop.
struct Hub::Impl final : FleetObserver {
    Impl(HubOptions hub_options, HubPorts hub_ports);

    Result<void> start(std::span<ProjectSpec const> projects,
                       std::span<MaintenanceSpec const> windows);
    void begin_epoch(Restored& restored, WallTime now);
    [[nodiscard]] Result<void> take_configuration(Restored& restored,
                                                  std::span<ProjectSpec const> projects,
                                                  std::span<MaintenanceSpec const> windows,
                                                  WallTime now);
    void watch_all(Restored& restored);
    void show_first_picture();
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
    void store_came_or_went();
    void bus_came_or_went();
    void watch_ourselves(Service const& service, CheckResult const& result);
    void note_transition(Service const& service, Transition& transition);
    void tell_transition(Service const& service, Transition transition);
    void problem(std::string what, std::string description, bool over, WallTime at);
    void told(HubCondition::Part const& before, HubCondition::Part const& now, char const* what);
    void note_alive();
    [[nodiscard]] HealthSummary summary() const;
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
    std::unique_ptr<BusDocuments> new_documents;  ///< Until the follower has them.
    BusDocuments& documents;                      ///< The lane's once the follower has started.
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
    std::unique_ptr<BusAnnouncer> announcer;  ///< Null: nobody beyond this process listens.
    std::unique_ptr<StoreWatch> store_watch;  ///< Null: the store is a file of ours.
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

}  // namespace muster
