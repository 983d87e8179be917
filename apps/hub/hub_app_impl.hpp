#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <hub/edge_side.hpp>
#include <hub/hub_app.hpp>
#include <hub/hub_side.hpp>
#include <muster/edge/edge_broadcaster.hpp>
#include <muster/journal/data_folder.hpp>
#include <muster/journal/file_checkpoint_store.hpp>
#include <muster/journal/file_journal.hpp>
#include <muster/postgres/session_watch.hpp>
#include <muster/runtime/loop_thread.hpp>
#include <muster/runtime/process_log.hpp>
#include <muster/runtime/service_supervisor.hpp>
#include <muster/runtime/signals.hpp>
#include <muster/runtime/stop_steps.hpp>
#include <muster/runtime/system_clock.hpp>

namespace muster {

/// Members in the order in which they are made; what uses others comes behind them.
struct HubApp::Impl {
    Impl(config::Configuration settings, std::string program_version, ConfigReload::Load reload)
        : configuration(std::move(settings)),
          version(std::move(program_version)),
          load(std::move(reload)) {}
    ~Impl() { end_edge(); }
    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;

    Result<void> open_data();
    void open_bus();
    Result<void> open_edge();
    Result<void> start_hub();
    [[nodiscard]] Result<void> apply_settings(config::Configuration const& settings);
    void add_stop_steps();
    void wait_for_answers(SteadyTime until, UniqueFunction<void()> ended);
    void wait_for_readers(SteadyTime until, UniqueFunction<void()> ended);
    void take_signals();
    void tell_supervisor(Result<void> const& told);
    [[nodiscard]] std::string status() const;
    void stop_edge();
    void end_edge();
    [[noreturn]] void give_up(std::string const& error);
    void refuse(std::string error);
    void begin_stop();
    int run();

    config::Configuration configuration;  ///< Settings alone once the hub has started.
    std::string const version;
    ConfigReload::Load const load;
    SystemClock clock;
    ProcessLog log;
    std::optional<DataFolder> folder;
    std::unique_ptr<FileJournal> journal;
    std::optional<FileCheckpointStore> checkpoints;
    std::shared_ptr<SessionWatch> writing;  ///< Sessions of the database; null: a file.
    std::shared_ptr<SessionWatch> reading;  ///< Likewise.
    std::unique_ptr<ResultStore> store;
    std::unique_ptr<EventBus> bus;
    std::unique_ptr<EventBus::Subscription> bus_log;
    Loop loop;
    std::optional<ServiceSupervisor> supervisor;
    std::optional<LoopThread> edge_thread;
    std::unique_ptr<EdgeSide> edge;
    std::vector<HostPort> endpoints;
    std::optional<EdgeBroadcaster> broadcaster;
    std::unique_ptr<HubSide> hub;
    std::optional<StopSteps> steps;
    std::optional<Signals> signals;
    bool edge_stopped{false};
    bool still_reading{false};
    int exit_code{0};
    std::unique_ptr<Timer> answers_timer;
};

}  // namespace muster
