// Whatever a WebSocket client says, on either feed: it gets one answer a message, each a JSON
// object with a type, and goes on getting what it asked for. The same text as a query is refused or
// joins.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <muster/api/stream_feed.hpp>
#include <muster/memory/simulated_loop.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

struct Client final : muster::LiveClient {
    void send(muster::LiveFrame frame) override {
        require(!writing);
        writing = true;
        auto const document = nlohmann::json::parse(*frame.text);
        auto const type = document.at("type").get<std::string>();
        require(type == frame.type);
        bool const answer = type == "pong" || type == "subscribed" || type == "error";
        require(answer || type == "status-update" || type == "snapshot" || type == "health");
        require(frame.position.has_value() == (type == "snapshot" || type == "health"));
        answers += answer ? 1 : 0;
    }

    bool writing{false};
    std::size_t answers{0};
};

/// Two projects of one service each.
muster::FleetDelta fleet() {
    muster::FleetDelta delta;
    for (std::int64_t const id : {1, 2}) {
        muster::ProjectView project;
        project.id = muster::ProjectId{id};
        project.name = id == 1 ? "shop" : "bank";
        delta.projects.push_back(project);
        auto service = std::make_shared<muster::Service>();
        service->id = muster::ServiceId{id};
        service->project_id = project.id;
        service->spec.project = project.name;
        service->spec.name = "app";
        muster::ServiceView row;
        row.id = service->id;
        row.project_id = project.id;
        row.project = project.name;
        row.name = "app";
        delta.services.push_back(row);
        delta.registered.push_back(std::move(service));
    }
    return delta;
}

struct Hub {
    Hub() { show(fleet()); }

    void show(muster::FleetDelta delta) {
        auto const news = muster::HealthNews::of(delta);
        model.apply(std::move(delta));
        health.applied(news);
        status.changed();
    }

    muster::SimulatedLoop loop;
    muster::ReadModel model;
    muster::StatusFeed status{model, loop, loop};
    muster::HealthFeed health{model, loop};
    muster::StreamFeed stream{status, health};
};

void take_all(Client& client, muster::LiveSession& session) {
    while (client.writing) {
        client.writing = false;
        session.sent();
    }
}

void talk(Hub& hub, muster::Feed& feed, std::string_view text) {
    Client client;
    auto const session = feed.join({}, client);
    session->opened();
    std::size_t messages = 0;
    bool up = false;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        session->received(text.substr(0, end));
        ++messages;
        text.remove_prefix(std::min(end + 1, text.size()));
        take_all(client, *session);
        auto delta = fleet();
        delta.services[0].status =
            (up = !up) ? muster::HealthStatus::up : muster::HealthStatus::down;
        hub.show(std::move(delta));
        hub.loop.run_for(std::chrono::milliseconds(100));
        take_all(client, *session);
    }
    require(client.answers == messages);
}

void join(Hub& hub, std::string_view text) {
    muster::Request request;
    auto const end = std::min(text.find('\n'), text.size());
    request.target.query = {{"channels", std::string(text.substr(0, end))},
                            {"since", std::string(text.substr(std::min(end + 1, text.size())))}};
    request.last_event_id = request.target.query[1].value;
    for (muster::Feed* const feed :
         {static_cast<muster::Feed*>(&hub.status), static_cast<muster::Feed*>(&hub.health),
          static_cast<muster::Feed*>(&hub.stream)}) {
        if (auto const objection = feed->objection(request)) {
            require(!objection->empty());
            continue;
        }
        Client client;
        auto const session = feed->join(request, client);
        session->opened();
        take_all(client, *session);
        require(client.answers == 0);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    Hub hub;
    talk(hub, hub.status, text);
    talk(hub, hub.health, text);
    join(hub, text);
    return 0;
}
