#include <hub/hub_app_impl.hpp>

#include <utility>

#include <hub/history_store.hpp>
#include <hub/hub_app_options.hpp>
#include <muster/base/hash.hpp>
#include <muster/memory/in_process_bus.hpp>
#include <muster/redis/redis_event_bus.hpp>

namespace muster {
namespace {

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

}  // namespace

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

}  // namespace muster
