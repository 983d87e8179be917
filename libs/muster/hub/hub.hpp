#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/domain/maintenance.hpp>
#include <muster/domain/planned_change.hpp>
#include <muster/domain/service.hpp>
#include <muster/hub/history_retention.hpp>
#include <muster/monitoring/fleet.hpp>
#include <muster/monitoring/metrics_collector.hpp>
#include <muster/ports/broadcaster.hpp>
#include <muster/ports/checkpoint_store.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/event_bus.hpp>
#include <muster/ports/hub_commands.hpp>
#include <muster/ports/journal.hpp>
#include <muster/ports/lane.hpp>
#include <muster/ports/log.hpp>
#include <muster/ports/metrics_source.hpp>
#include <muster/ports/prober.hpp>
#include <muster/ports/server_answers.hpp>
#include <muster/ports/store.hpp>
#include <muster/ports/timers.hpp>
#include <muster/ports/zone_rules.hpp>
#include <muster/stats/figure_sheet.hpp>

namespace muster {

struct HubOptions {
    std::string hub_id{"hub-main"};
    std::string version;
    Scheduler::Limits limits;
    Fleet::GroupCaps group_caps;
    MetricsCollector::Limits metrics_limits;
    Millis write_within{2};   ///< Results of this long go to the journal in one write().
    Millis sync_within{250};  ///< From write() to fsync.
    Millis show_within{100};  ///< Checks without a transition reach live views this late.
    Millis checkpoint_every{60'000};
    Millis forget_every{600'000};  ///< How often retention is applied.
    HubRetention retention;
    Millis note_alive_every{60'000};  ///< How often the store is told how the hub is.
    /// Seed of what is left to chance: how long a server that went away is left alone. Nothing:
    /// nothing is.
    std::optional<std::uint64_t> chance{};
    /// The bus has streams and listeners beyond this process: it is told results and summaries too,
    /// and asked whether it is there.
    bool bus_is_shared{false};
};

/// The adapters a hub works with; all must outlive it. One lane per kind of blocking work, so that
/// a slow store never delays an fsync, and a large checkpoint neither.
struct HubPorts {
    Clock const& clock;
    Timers& timers;
    Prober& prober;
    MetricsSource& metrics;
    Journal& journal;
    CheckpointStore& checkpoints;
    ResultStore& store;
    EventBus& bus;
    Broadcaster& broadcaster;
    Log& log;
    Lane& sync_lane;
    Lane& checkpoint_lane;
    Lane& store_lane;
    Lane& bus_lane;
    ZoneRules& zones;
    /// The servers that store and bus are reached by, where they are; null: parts of this process.
    /// A store's is asked whether it is there.
    ServerAnswers const* store_server{nullptr};
    ServerAnswers const* bus_server{nullptr};
};

/// The whole of monitoring on one loop: probes the services it is told of, judges, journals before
/// it shows, feeds the store and the bus from the journal, keeps a checkpoint, and starts again
/// where it was. Loop thread only. The path of data is in docs/architecture.md.
class Hub {
public:
    Hub(HubOptions options, HubPorts ports);
    ~Hub();
    Hub(Hub const&) = delete;
    Hub& operator=(Hub const&) = delete;

    /// Restores what was known, makes the file's objects what `projects` and `windows` say, starts
    /// monitoring.
    /// Blocks while it reads checkpoint and journal. Errors: invalid or unsupported (a service that
    /// cannot be probed, a maintenance window in an unknown zone, by name), unavailable, full (the
    /// journal cannot be read or written).
    [[nodiscard]] Result<void> start(std::span<ProjectSpec const> projects,
                                     std::span<MaintenanceSpec const> windows = {});

    /// Makes the file's objects what `projects` and `windows` say; only what changed is touched.
    /// Errors: invalid, unsupported (as start(); nothing was changed), unavailable, in_doubt (see
    /// HubCommands).
    [[nodiscard]] Result<ReloadReport> reload(std::span<ProjectSpec const> projects,
                                              std::span<MaintenanceSpec const> windows);

    /// What reload() would do. Errors as there.
    [[nodiscard]] Result<ReloadReport> plan(std::span<ProjectSpec const> projects,
                                            std::span<MaintenanceSpec const> windows);

    // What people may ask for through the API, with the contract and the errors of HubCommands, but
    // answered at once; check_now() answers once the result is written.
    [[nodiscard]] Result<RegisteredService> register_service(ServiceSpec spec);
    [[nodiscard]] Result<RegisteredService> replace_service(ServiceId id, ServiceSpec spec);
    [[nodiscard]] Result<void> remove_service(ServiceId id);
    void check_now(ServiceId id, HubCommands::Wait wait, HubCommands::CheckDone done);
    [[nodiscard]] Result<Maintenance> add_window(MaintenanceSpec spec);
    [[nodiscard]] Result<void> remove_window(MaintenanceId id);

    /// Something outside of the hub's own parts is wrong with it, or right again: journalled,
    /// logged and an event.
    void tell_problem(std::string what, std::string description, bool over);

    /// Ends probes, journals what is known, lets the followers catch up until `deadline`, writes a
    /// checkpoint; then `done`, on the loop.
    void stop(SteadyTime deadline, UniqueFunction<void()> done);

    /// Other caps on what runs at once, from now on; see Fleet::set_caps().
    void set_caps(Scheduler::Limits limits, Fleet::GroupCaps const& groups);

    /// Another retention, from the next time on that it is applied.
    void set_retention(HubRetention retention);

    struct Figures {
        Fleet::Figures checks;
        MetricsCollector::Figures metrics;
        std::uint32_t in_flight{0};
        std::size_t held_back{0};  ///< Due, and waiting for a place under a cap.
        std::uint64_t epoch{0};
        std::uint64_t last_seq{0};
        std::uint64_t replayed{0};
    };
    [[nodiscard]] Figures figures() const;

    /// What waits in memory for somebody. Each has its bound.
    struct Waiting {
        std::size_t unwritten_bytes{0};  ///< Of records, for the journal.
        std::size_t journal_marks{0};    ///< That tell how long records wait for their followers.
        std::size_t questions{0};        ///< Of those who asked for a check.
        std::size_t collections{0};      ///< Of projects' figures, under way.
    };
    [[nodiscard]] Waiting waiting() const;

    /// Adds what the hub has counted, for `/metrics`.
    void append_figures(FigureSheet& sheet) const;

    /// Visits every service with its tracker.
    void each(std::function<void(Service const&, Tracker const&)> const& visit) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
