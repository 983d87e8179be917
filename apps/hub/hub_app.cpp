#include <hub/hub_app.hpp>

#include <cstdlib>
#include <exception>
#include <future>
#include <optional>
#include <utility>

#include <hub/edge_side.hpp>
#include <hub/history_store.hpp>
#include <hub/hub_side.hpp>
#include <hub/settings.hpp>
#include <muster/base/hash.hpp>
#include <muster/edge/edge_broadcaster.hpp>
#include <muster/journal/data_folder.hpp>
#include <muster/journal/file_checkpoint_store.hpp>
#include <muster/journal/file_journal.hpp>
#include <muster/memory/in_process_bus.hpp>
#include <muster/postgres/session_watch.hpp>
#include <muster/redis/redis_event_bus.hpp>
#include <muster/runtime/descriptors.hpp>
#include <muster/runtime/loop_thread.hpp>
#include <muster/runtime/process_log.hpp>
#include <muster/runtime/service_supervisor.hpp>
#include <muster/runtime/signals.hpp>
#include <muster/runtime/stop_steps.hpp>
#include <muster/runtime/system_clock.hpp>

namespace muster {
namespace {

constexpr Millis kStopWithin{10'000};
constexpr Millis kDrainWithin{5'000};
constexpr Millis kAnswerWithin{1'000};  // of what store and bus were asked before
constexpr Millis kAnswerLooks{20};      // how often that is looked at
constexpr Millis kEdgeDrainWithin{2'000};

Scheduler::Limits limits_of(config::LimitSettings const& settings) {
    return {static_cast<std::uint32_t>(settings.in_flight),
            static_cast<std::uint32_t>(settings.per_host)};
}

Fleet::GroupCaps group_caps_of(config::LimitSettings const& settings) {
    Fleet::GroupCaps caps;
    for (auto const& [group, cap] : settings.per_group) {
        caps.emplace(group, static_cast<std::uint32_t>(cap));
    }
    return caps;
}

HubRetention retention_of(config::RetentionSettings const& settings) {
    HubRetention retention;
    retention.checks = settings.raw;
    retention.failures = settings.minute;
    retention.minutes = settings.minute;
    retention.hours = settings.hour;
    retention.check_bytes = settings.raw_bytes;
    return retention;
}

EdgeSide::Options edge_options(config::Configuration const& configuration) {
    return {configuration.hub.listen,
            configuration.cors.origins,
            configuration.hub.hosts,
            configuration.token.value_or(""),
            configuration.reads == config::Reads::token,
            configuration.defaults,
            configuration.hub.id,
            configuration.probe == config::ProbeAccess::open,
            shares_of(descriptor_limit(), configuration.limits.in_flight).clients};
}

HubOptions hub_options(config::Configuration const& configuration, std::string version) {
    HubOptions options;
    options.hub_id = configuration.hub.id;
    options.version = std::move(version);
    options.limits = limits_of(configuration.limits);
    options.group_caps = group_caps_of(configuration.limits);
    options.retention = retention_of(configuration.retention);
    options.bus_is_shared = configuration.redis.has_value();
    return options;
}

/// Who can do what at an address that is not this machine's alone.
std::string reach_of(config::Configuration const& configuration) {
    std::string reach = " can be read from the network (hub.listen)";
    if (configuration.reads == config::Reads::token) {
        reach += " by those who have the token (auth.reads)";
    } else if (!configuration.token) {
        reach += "; changes are off there: no token is set (auth.token, MUSTER_TOKEN)";
    }
    return reach;
}

ProcessLog::Options log_options(config::LoggingSettings const& logging) {
    return {logging.level,
            logging.format == config::LogFormat::json ? LogFormat::json : LogFormat::text,
            logging.file};
}

}  // namespace

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

Result<void> HubApp::Impl::open_data() {
    auto opened = DataFolder::open(configuration.data_dir);
    if (!opened) {
        return tl::unexpected(std::move(opened.error()));
    }
    folder.emplace(std::move(*opened));
    FileJournal::Options journal_options;
    journal_options.folder = folder->journal();
    auto opened_journal = FileJournal::open(journal_options, clock.now().wall);
    if (!opened_journal) {
        return prefixed("journal", std::move(opened_journal.error()));
    }
    journal = std::move(*opened_journal);
    for (auto const& problem : journal->problems()) {
        log.write(LogLevel::error, "journal", problem);
    }
    checkpoints.emplace(folder->checkpoint());
    if (configuration.database.address) {
        for (auto* const sessions : {&writing, &reading}) {
            auto watch = SessionWatch::start();
            if (!watch) {
                return prefixed("store", std::move(watch.error()));
            }
            *sessions = std::move(*watch);
        }
    }
    auto opened_store = open_history_store(
        configuration, folder->path(),
        {writing, journal->state().id, [this](Error const& error) { refuse(error.message); }});
    if (!opened_store) {
        return prefixed("store", std::move(opened_store.error()));
    }
    store = std::move(*opened_store);
    log.write(LogLevel::info, "store", "the history is " + name_of_store(configuration));
    open_bus();
    return {};
}

/// A Redis that is away is waited for by the bus follower.
void HubApp::Impl::open_bus() {
    if (configuration.redis) {
        RedisEventBus::Options options;
        options.address = *configuration.redis;
        options.owner = journal->state().id;
        bus = std::make_unique<RedisEventBus>(std::move(options), clock, log);
        log.write(LogLevel::info, "redis", "the bus is " + to_text(*configuration.redis));
        return;
    }
    bus = std::make_unique<InProcessBus>();
    // Whether it is written is the log's level to say, which a reload may change.
    bus_log = bus->subscribe("*", [this](BusMessage const& message) {
        log.write(LogLevel::debug, message.channel, message.payload);
    });
}

/// Half a monitor is worse than none. What is known lies in the journal already. Any thread.
void HubApp::Impl::give_up(std::string const& error) {
    log.write(LogLevel::error, "hub", error);
    std::_Exit(kExitFailed);
}

/// Another hub of this id writes to the database, or its owner is a newer program: here nobody
/// shall watch in its place. Any thread.
void HubApp::Impl::refuse(std::string error) {
    loop.post([this, error = std::move(error)] {
        log.write(LogLevel::error, "store", error);
        if (steps && !steps->stopping()) {
            exit_code = kExitFailed;
            begin_stop();
        }
    });
}

Result<void> HubApp::Impl::open_edge() {
    EdgeSide::Readers readers;
    readers.journal = journal->reader();
    auto opened = open_history_readers(configuration, folder->path(), clock, reading);
    if (!opened) {
        return prefixed("store", std::move(opened.error()));
    }
    readers.history = std::move(*opened);
    readers.at_once = readers_at_once(configuration);
    edge_thread.emplace("edge", [this](std::string const& error) { give_up(error); });
    edge = std::make_unique<EdgeSide>(edge_thread->loop(), loop, clock, log, std::move(readers),
                                      edge_options(configuration));
    auto listening = edge->server().listen();
    if (!listening) {
        return tl::unexpected(std::move(listening.error()));
    }
    endpoints = std::move(*listening);
    edge_thread->loop().post([this] { edge->connect_readers(); });
    broadcaster.emplace(edge_thread->loop(), edge->model(), edge->status_feed(),
                        edge->health_feed());
    return {};
}

/// What a reload changes beside projects, services and windows. Error: of the log, which stays as
/// it was; the rest is applied.
Result<void> HubApp::Impl::apply_settings(config::Configuration const& settings) {
    hub->hub().set_caps(limits_of(settings.limits), group_caps_of(settings.limits));
    hub->hub().set_retention(retention_of(settings.retention));
    edge_thread->loop().post([this, options = edge_options(settings)] { edge->apply(options); });
    return log.apply(log_options(settings.logging));
}

Result<void> HubApp::Impl::start_hub() {
    // The registry keeps them; a second copy would stay for nothing.
    auto const projects = std::exchange(configuration.projects, {});
    auto const maintenance = std::exchange(configuration.maintenance, {});
    auto options = hub_options(configuration, version);
    options.chance = stable_hash(journal->state().id) +
                     static_cast<std::uint64_t>(clock.now().wall.time_since_epoch().count());
    hub = std::make_unique<HubSide>(
        std::move(options),
        HubSide::Outside{loop, clock, log, *journal, *checkpoints, *store, *bus, *broadcaster,
                         dynamic_cast<ServerAnswers const*>(store.get()),
                         dynamic_cast<ServerAnswers const*>(bus.get()),
                         [this](std::string const& error) { give_up(error); }},
        HubSide::Reloading{configuration, load, [this](config::Configuration const& applied) {
                               return apply_settings(applied);
                           }});
    auto started = hub->hub().start(projects, maintenance);
    if (!started) {
        hub.reset();
        return started;
    }
    edge->commands().connect(&hub->commands());
    auto const figures = hub->hub().figures();
    log.write(LogLevel::info, "hub",
              "started, epoch " + std::to_string(figures.epoch) + ", " +
                  std::to_string(projects.size()) + " projects, " +
                  std::to_string(figures.replayed) + " journal records replayed");
    if (projects.empty()) {
        log.write(LogLevel::info, "hub",
                  "nothing to watch yet: set PROJECTS=name:url, or name projects in muster.yaml");
    }
    for (auto const& endpoint : endpoints) {
        if (!is_loopback(endpoint.host)) {
            log.write(LogLevel::info, "hub", to_text(endpoint) + reach_of(configuration));
        }
    }
    return {};
}

/// Last in, first out: the hub stops while the edge still answers. What hangs is found by the
/// steps: threads that are joined afterwards must not.
void HubApp::Impl::add_stop_steps() {
    steps.emplace(clock, loop, log);
    steps->add("shards",
               [this](UniqueFunction<void()> ended) { hub->reach_shards(std::move(ended)); });
    steps->add("readers", [this](UniqueFunction<void()> ended) {
        if (reading) {
            reading->interrupt();
        }
        wait_for_readers(clock.now().steady + kAnswerWithin, std::move(ended));
    });
    steps->add("edge", [this](UniqueFunction<void()> ended) {
        edge->server().stop(kEdgeDrainWithin, [this, ended = std::move(ended)]() mutable {
            // From the edge's loop to ours.
            loop.post([this, ended = std::move(ended)]() mutable {
                edge_stopped = true;
                ended();
            });
        });
    });
    steps->add("store and bus", [this](UniqueFunction<void()> ended) {
        wait_for_answers(clock.now().steady + kAnswerWithin, std::move(ended));
    });
    steps->add("hub", [this](UniqueFunction<void()> ended) {
        // Who is refused has nobody to hand what is left to; it lies in the journal.
        auto const drain = exit_code == 0 ? kDrainWithin : Millis(0);
        hub->hub().stop(clock.now().steady + drain, [this, ended = std::move(ended)]() mutable {
            if (writing) {
                writing->interrupt();  // lanes are waited for
            }
            ended();
        });
    });
}

/// A lane that hangs in a system call can neither be ended nor waited for; what it was to store or
/// to publish lies in the journal.
void HubApp::Impl::wait_for_answers(SteadyTime until, UniqueFunction<void()> ended) {
    answers_timer = loop.make([this, until, ended = std::move(ended)]() mutable {
        auto const now = clock.now().steady;
        if (hub->unanswered() > 0 && now < until) {
            answers_timer->arm(now + kAnswerLooks);
        } else {
            ended();
        }
    });
    answers_timer->arm(clock.now().steady);
}

/// The same of those who read the history for clients that are gone.
void HubApp::Impl::wait_for_readers(SteadyTime until, UniqueFunction<void()> ended) {
    auto const told = std::make_shared<UniqueFunction<void()>>(std::move(ended));
    answers_timer = loop.make([this, until, told] {
        edge_thread->loop().post([this, until, told] {
            loop.post([this, until, told, busy = edge->reading()] {
                auto const now = clock.now().steady;
                still_reading = busy;
                if (busy && now < until) {
                    answers_timer->arm(now + kAnswerLooks);
                } else {
                    (*told)();
                }
            });
        });
    });
    answers_timer->arm(clock.now().steady);
}

/// Clients that came while the start failed are sent away; after a proper stop nobody is there.
void HubApp::Impl::stop_edge() {
    if (edge_stopped) {
        return;
    }
    std::promise<void> stopped;
    edge->server().stop(Millis(0), [&stopped] { stopped.set_value(); });
    stopped.get_future().wait();
    edge_stopped = true;
}

/// The edge's things end on the edge's loop, then the loop and its thread.
void HubApp::Impl::end_edge() {
    hub.reset();
    broadcaster.reset();
    if (edge) {
        stop_edge();
        std::promise<void> gone;
        edge_thread->loop().post([this, &gone] {
            edge.reset();
            gone.set_value();
        });
        gone.get_future().wait();
    }
    edge_thread.reset();
}

/// Whoever watches over this process is an outsider: without its ear the hub works all the same.
void HubApp::Impl::tell_supervisor(Result<void> const& told) {
    if (!told) {
        log.write(LogLevel::warn, "hub", told.error().message);
    }
}

/// For the line that `systemctl status` shows.
std::string HubApp::Impl::status() const {
    std::string text = "listening on";
    for (auto const& endpoint : endpoints) {
        text += ' ' + to_text(endpoint);
    }
    return text;
}

void HubApp::Impl::begin_stop() {
    if (!steps || steps->stopping()) {
        return;
    }
    log.write(LogLevel::info, "hub", "stopping");
    tell_supervisor(supervisor->stopping());
    steps->stop(kStopWithin, [this](bool ended_in_time) {
        if (!ended_in_time) {
            // A lane that hangs in a system call cannot be waited for. What was written is
            // safe.
            log.write(LogLevel::error, "hub", "did not stop in time, ending at once");
            std::_Exit(kExitFailed);
        }
        // Later: what is destroyed there has called us.
        loop.post([this] {
            edge->commands().connect(nullptr);
            if (hub->unanswered() > 0 || still_reading) {
                log.write(LogLevel::warn, "hub",
                          "stopped without an answer from store or bus: they get the rest at the "
                          "next start");
                std::_Exit(exit_code);
            }
            answers_timer.reset();
            hub.reset();
            signals.reset();
            steps.reset();
            supervisor.reset();
            loop.finish();
        });
    });
}

/// Signals are taken from here on; what they ask for happens once the loop runs.
void HubApp::Impl::take_signals() {
    signals.emplace(
        loop, [this] { begin_stop(); },
        [this] {
            if (hub) {
                hub->commands().reload([](Result<ReloadReport> const&) {});  // the log tells it
            }
        });
}

int HubApp::Impl::run() {
    // From the loop: that it turns is what ready means.
    loop.post([this] {
        if (supervisor) {
            tell_supervisor(supervisor->ready(status()));
        }
    });
    try {
        loop.run();
    } catch (std::exception const& error) {
        give_up(std::string("hub loop: ") + error.what());
    }
    end_edge();
    log.write(LogLevel::info, "hub", "stopped");
    return exit_code;
}

HubApp::HubApp(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HubApp::~HubApp() = default;

Result<std::unique_ptr<HubApp>> HubApp::start(
    config::Configuration configuration, std::string version,
    std::function<config::Checked<config::Configuration>()> load) {
    auto supervision = supervision_of_environment();
    if (!supervision) {
        return tl::unexpected(std::move(supervision.error()));
    }
    auto impl =
        std::make_unique<Impl>(std::move(configuration), std::move(version), std::move(load));
    impl->supervisor.emplace(std::move(*supervision), impl->loop, impl->clock);
    if (auto applied = impl->log.apply(log_options(impl->configuration.logging)); !applied) {
        return tl::unexpected(std::move(applied.error()));
    }
    for (auto const& warning : impl->configuration.warnings) {
        impl->log.write(LogLevel::warn, "config", warning);
    }
    auto done = impl->open_data();
    if (done) {
        done = impl->open_edge();
    }
    if (done) {
        done = impl->start_hub();
    }
    if (!done) {
        return tl::unexpected(std::move(done.error()));
    }
    impl->add_stop_steps();
    impl->take_signals();
    return std::unique_ptr<HubApp>(new HubApp(std::move(impl)));
}

std::vector<HostPort> const& HubApp::endpoints() const noexcept {
    return impl_->endpoints;
}

int HubApp::run() {
    return impl_->run();
}

std::string local_url(HostPort const& endpoint) {
    auto reachable = endpoint;
    if (endpoint.host == "0.0.0.0" || endpoint.host == "::") {
        reachable.host = "127.0.0.1";
    }
    return "http://" + to_text(reachable);
}

}  // namespace muster
