// Whatever a WebSocket client says: it gets one answer a message, each a JSON object with a type,
// and goes on getting what it asked for.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <muster/api/status_feed.hpp>
#include <muster/memory/simulated_loop.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

struct Client final : muster::LiveClient {
    void send(muster::SharedText frame) override {
        require(!writing);
        writing = true;
        auto const document = nlohmann::json::parse(*frame);
        auto const type = document.at("type").get<std::string>();
        require(type == "status-update" || type == "pong" || type == "subscribed" ||
                type == "error");
        answers += type != "status-update" ? 1 : 0;
    }

    bool writing{false};
    std::size_t answers{0};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view text(reinterpret_cast<char const*>(data), size);
    muster::SimulatedLoop loop;
    muster::ReadModel model;
    muster::FleetDelta delta;
    delta.projects.resize(2);
    delta.projects[0].id = muster::ProjectId{1};
    delta.projects[0].name = "shop";
    delta.projects[1].id = muster::ProjectId{2};
    delta.projects[1].name = "bank";
    model.apply(delta);
    muster::StatusFeed feed(model, loop, loop);
    Client client;
    auto const session = feed.join({}, client);
    session->opened();
    std::size_t messages = 0;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        session->received(text.substr(0, end));
        ++messages;
        text.remove_prefix(std::min(end + 1, text.size()));
        while (client.writing) {
            client.writing = false;
            session->sent();
        }
        model.apply(delta);
        feed.changed();
        loop.run_for(std::chrono::milliseconds(100));
    }
    require(client.answers == messages);
    return 0;
}
