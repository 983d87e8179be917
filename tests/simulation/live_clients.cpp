#include "live_clients.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace muster::simulation {

/// What dies with the process.
struct LiveClients::Edge {
    Edge(Clock const& clock, LiveClients::Options const& options)
        : feed(model, clock,
               HealthFeed::Options{.held_frames = options.held_frames,
                                   .held_bytes = options.held_bytes,
                                   .snapshot_bytes = options.snapshot_bytes}) {}

    ReadModel model;
    HealthFeed feed;
};

/// Knows what the contract lets it know: a snapshot, and each numbered frame applied to it.
class LiveClients::Client final : public LiveClient {
public:
    Client(LiveClients& clients, int number)
        : clients_(clients), name_("client " + std::to_string(number)) {}

    void join(bool where_it_was) {
        auto const since = where_it_was && position_.epoch != 0
                               ? std::optional<LivePosition>(position_)
                               : std::nullopt;
        clients_.trace_.add(
            name_ + (since ? " comes again at " + std::to_string(position_.seq) : " joins"));
        expects_snapshot_ = !since;
        session_ = clients_.edge_->feed.join(LiveChannels({"snapshot", "health"}), since, *this);
        session_->opened();
    }
    void drop() {
        clients_.trace_.add(name_ + " drops");
        session_.reset();
        writing_ = false;
        alive_ = std::make_shared<bool>(true);
    }
    void get_stuck(bool stuck) {
        stuck_ = stuck;
        clients_.trace_.add(name_ + (stuck ? " is stuck" : " goes on"));
        if (!stuck && writing_) {
            take_soon();
        }
    }

    void send(LiveFrame frame) override {
        if (writing_) {
            clients_.complain(name_ + " is sent a frame before it took the last one");
        }
        writing_ = true;
        take(frame);
        if (!stuck_) {
            take_soon();
        }
    }

    [[nodiscard]] bool joined() const noexcept { return session_ != nullptr; }
    [[nodiscard]] bool stuck() const noexcept { return stuck_; }
    [[nodiscard]] bool idle() const noexcept { return joined() && !writing_; }
    [[nodiscard]] Rows const& rows() const noexcept { return rows_; }
    [[nodiscard]] std::string const& name() const noexcept { return name_; }

private:
    void take(LiveFrame const& frame);
    void take_snapshot(nlohmann::json const& document);
    void take_change(nlohmann::json const& document);
    void put(nlohmann::json const& service);
    void take_soon() {
        auto const takes = Millis(clients_.random_.between(0, 40));
        clients_.loop_.after(takes, [this, alive = std::weak_ptr<bool>(alive_)] {
            if (!alive.expired() && writing_ && !stuck_) {
                writing_ = false;
                session_->sent();
            }
        });
    }
    void expect(bool holds, std::string const& promise) {
        if (!holds) {
            clients_.complain(name_ + ": " + promise);
        }
    }

    LiveClients& clients_;
    std::string const name_;
    LivePosition position_{};
    Rows rows_;
    bool expects_snapshot_{true};
    bool stuck_{false};
    bool writing_{false};
    std::shared_ptr<bool> alive_{std::make_shared<bool>(true)};
    std::unique_ptr<LiveSession> session_;
};

void LiveClients::Client::take(LiveFrame const& frame) {
    ++clients_.figures_.frames;
    auto const document = nlohmann::json::parse(*frame.text);
    auto const type = document.at("type").get<std::string>();
    expect(type == frame.type, "a frame is of the type that it says");
    if (type == "snapshot") {
        clients_.largest_snapshot_ = std::max(clients_.largest_snapshot_, frame.text->size());
        take_snapshot(document);
    } else {
        take_change(document);
    }
    expect(frame.position == position_, "a frame stands where it says");
}

void LiveClients::Client::take_snapshot(nlohmann::json const& document) {
    ++clients_.figures_.snapshots;
    expects_snapshot_ = false;
    rows_.clear();
    position_ = {document.at("epoch").get<std::uint64_t>(),
                 document.at("seq").get<std::uint64_t>()};
    for (auto const& service : document.at("services")) {
        put(service);
    }
}

void LiveClients::Client::take_change(nlohmann::json const& document) {
    expect(!expects_snapshot_, "who joins gets a snapshot first");
    auto const seq = document.at("seq").get<std::uint64_t>();
    expect(seq == position_.seq + 1, "change " + std::to_string(seq) + " follows " +
                                         std::to_string(position_.seq) + ": none is skipped");
    position_.seq = seq;
    auto const& service = document.at("service");
    auto const id = service.at("id").get<std::int64_t>();
    auto const known = rows_.find(id);
    auto const before = known != rows_.end() ? std::get<1>(known->second) : "unknown";
    expect(document.at("previousStatus").get<std::string>() == before,
           "change " + std::to_string(seq) + " starts from what was shown");
    expect(document.at("reason").at("cause").is_string(), "a change says why");
    if (document.contains("removed")) {
        rows_.erase(id);
    } else {
        put(service);
    }
}

void LiveClients::Client::put(nlohmann::json const& service) {
    rows_[service.at("id").get<std::int64_t>()] = {
        service.at("project").get<std::string>() + "/" + service.at("name").get<std::string>(),
        service.at("status").get<std::string>(), service.at("overlays").dump(),
        service.at("tags").dump()};
}

LiveClients::LiveClients(SimulatedLoop& loop, Trace& trace, Random random, Options options)
    : loop_(loop), trace_(trace), random_(random), options_(options) {
    for (int number = 1; number <= options.clients; ++number) {
        clients_.push_back(std::make_unique<Client>(*this, number));
    }
}

LiveClients::~LiveClients() = default;

void LiveClients::begin_life() {
    edge_ = std::make_unique<Edge>(loop_, options_);
}

void LiveClients::end_life() {
    for (auto const& client : clients_) {
        if (client->joined()) {
            client->drop();
        }
    }
    if (edge_) {
        figures_.resumed += edge_->feed.counters().resumed;
        figures_.too_late += edge_->feed.counters().too_late;
    }
    edge_.reset();
}

void LiveClients::publish(FleetDelta delta) {
    if (clients_.empty() || !edge_) {
        return;
    }
    auto const news = HealthNews::of(delta);
    edge_->model.apply(std::move(delta));
    edge_->feed.applied(news);
    if (edge_->feed.held() > options_.held_frames ||
        edge_->feed.held_bytes() > options_.held_bytes) {
        complain("the feed holds " + std::to_string(edge_->feed.held()) + " frames of " +
                 std::to_string(edge_->feed.held_bytes()) + " bytes");
    }
}

void LiveClients::publish(HubCondition condition) {
    if (edge_) {
        edge_->model.apply(std::move(condition));
    }
}

void LiveClients::act() {
    if (clients_.empty() || !edge_) {
        return;
    }
    auto& client = *clients_[static_cast<std::size_t>(random_.between(0, options_.clients - 1))];
    if (!client.joined()) {
        client.join(!random_.one_in(4));
    } else if (random_.one_in(3)) {
        client.get_stuck(!client.stuck());
    } else {
        client.drop();
        if (random_.one_in(2)) {
            client.join(true);
        }
    }
}

void LiveClients::calm() {
    for (auto const& client : clients_) {
        if (client->stuck()) {
            client->get_stuck(false);
        }
        if (!client->joined()) {
            client->join(true);
        }
    }
}

LiveClients::Rows LiveClients::model_rows() const {
    Rows rows;
    for (auto const& [id, service] : edge_->model.registered_services()) {
        auto const* const shown = edge_->model.service(id);
        if (shown == nullptr) {
            continue;
        }
        auto overlays = nlohmann::json::array();
        for (auto const& [overlay, word] : enum_names(Overlay{})) {
            if (shown->overlays.has(overlay)) {
                overlays.push_back(std::string(word));
            }
        }
        rows[id.value] = {service->spec.project + "/" + service->spec.name,
                          std::string(to_string(shown->status)), overlays.dump(),
                          nlohmann::json(service->spec.tags).dump()};
    }
    return rows;
}

void LiveClients::compare() {
    if (clients_.empty() || !edge_) {
        return;
    }
    // The newest snapshot is kept however large it is.
    auto const& feed = edge_->feed;
    if (feed.snapshot_bytes() > options_.snapshot_bytes + largest_snapshot_) {
        complain("the feed keeps " + std::to_string(feed.snapshot_bytes()) + " bytes of snapshots");
    }
    auto const joined = std::count_if(clients_.begin(), clients_.end(),
                                      [](auto const& client) { return client->joined(); });
    if (feed.clients() != static_cast<std::size_t>(joined)) {
        complain("the feed keeps " + std::to_string(feed.clients()) + " clients, there are " +
                 std::to_string(joined));
    }
    auto const rows = model_rows();
    for (auto const& client : clients_) {
        if (client->idle() && client->rows() != rows) {
            complain(client->name() + ": snapshot and deltas give another picture than there is");
        }
    }
}

void LiveClients::complain(std::string complaint) {
    if (complaints_.size() < 40) {
        complaints_.push_back(std::move(complaint));
    }
}

}  // namespace muster::simulation
