#include <muster/api/stream_feed.hpp>

#include <array>
#include <string_view>
#include <utility>

#include <muster/api/answers.hpp>
#include <muster/api/query_reader.hpp>

namespace muster {
namespace {

constexpr std::string_view kStatusUpdate = "status-update";
constexpr std::string_view kSnapshot = "snapshot";
constexpr std::string_view kHealth = "health";

/// After this a browser that lost its stream asks again, in milliseconds.
constexpr std::string_view kOpening = "retry: 2000\n\n";

/// What a request asks of both feeds; nothing: not of this one.
struct Asked {
    std::optional<LiveChannels> status;
    std::optional<LiveChannels> health;
    std::optional<LivePosition> since;
};

/// The part of what is asked that a feed with these frame types has.
Result<std::optional<LiveChannels>> part_of(LiveChannels const& asked,
                                            std::vector<std::string_view> types) {
    std::vector<std::string> names;
    bool whole = true;
    for (auto const type : types) {
        if (asked.has(type)) {
            names.emplace_back(type);
        } else {
            whole = false;
        }
    }
    for (auto const& project : asked.projects()) {
        names.push_back("project:" + project);
    }
    std::optional<LiveChannels> part;
    if (names.empty()) {
        return part;
    }
    part.emplace(std::move(types));
    if (!whole || !asked.projects().empty()) {
        if (auto const added = part->add(names); !added) {
            return tl::unexpected(added.error());
        }
    }
    return part;
}

Result<Asked> asked_of(Request const& request) {
    QueryReader reader(request.target);
    auto const channels = asked_channels({kStatusUpdate, kSnapshot, kHealth}, reader);
    if (!channels) {
        return tl::unexpected(channels.error());
    }
    Asked asked;
    auto status = part_of(*channels, {kStatusUpdate});
    auto health = part_of(*channels, {kSnapshot, kHealth});
    if (!status || !health) {
        return tl::unexpected(!status ? status.error() : health.error());
    }
    asked.status = std::move(*status);
    asked.health = std::move(*health);
    auto const given = reader.text("since");
    if (reader.problem()) {
        return failure(Errc::invalid, *reader.problem());
    }
    if (given) {
        asked.since = parse_live_position(*given);
        if (!asked.since) {
            return failure(Errc::invalid,
                           "since must be EPOCH:SEQ, two whole numbers as the ids of events are, "
                           "not " +
                               in_quotes(*given));
        }
    }
    if (auto const position = parse_live_position(request.last_event_id)) {
        asked.since = position;
    }
    return asked;
}

}  // namespace

/// Both feeds' sessions of one client. Each has a place of its own to send to; whose turn it is
/// gets the connection.
class StreamFeed::Session final : public LiveSession {
public:
    Session(StreamFeed& feed, Asked asked, LiveClient& client)
        : client_(client), sides_{Side(*this), Side(*this)} {
        if (asked.status) {
            sides_[0].session = feed.status_.join(std::move(*asked.status), sides_[0]);
        }
        if (asked.health) {
            sides_[1].session = feed.health_.join(std::move(*asked.health), asked.since, sides_[1]);
        }
    }

    void opened() override {
        for (auto& side : sides_) {
            if (side.session) {
                side.session->opened();
            }
        }
    }
    void received(std::string_view /*text*/) override {}
    void sent() override {
        auto& side = sides_[writing_];
        writing_ = kNobody;
        next_ = static_cast<std::size_t>(&side == &sides_[0]);
        side.session->sent();
        pump();
    }
    [[nodiscard]] bool takes_messages() const override { return false; }

private:
    static constexpr std::size_t kNobody = 2;

    struct Side final : LiveClient {
        explicit Side(Session& owner) : parent(&owner) {}
        void send(LiveFrame frame) override {
            waiting = std::move(frame);
            parent->pump();
        }

        Session* parent;
        std::optional<LiveFrame> waiting;
        std::unique_ptr<LiveSession> session;
    };

    void pump() {
        for (std::size_t tried = 0; tried < sides_.size() && writing_ == kNobody; ++tried) {
            auto const at = (next_ + tried) % sides_.size();
            if (auto frame = std::exchange(sides_[at].waiting, std::nullopt)) {
                writing_ = at;
                client_.send(std::move(*frame));
            }
        }
    }

    LiveClient& client_;
    std::size_t writing_{kNobody};  ///< The side whose frame is being sent.
    std::size_t next_{0};           ///< The side whose turn is next.
    std::array<Side, 2> sides_;
};

std::optional<std::string> StreamFeed::objection(Request const& request) const {
    auto const asked = asked_of(request);
    return asked ? std::nullopt : std::optional(asked.error().message);
}

std::unique_ptr<LiveSession> StreamFeed::join(Request const& request, LiveClient& client) {
    return std::make_unique<Session>(*this, asked_of(request).value_or(Asked{}), client);
}

void add_stream_route(Router& router, StreamFeed& feed) {
    router.add(Method::get, "/api/stream", [&router, &feed](Request const& request) {
        if (auto const objection = feed.objection(request)) {
            return refuse(400, *objection, router.now());
        }
        Response response;
        response.content_type = "text/event-stream; charset=utf-8";
        // A proxy that gathers an answer before it passes it on would show nothing at all.
        response.headers = "Cache-Control: no-cache\r\nX-Accel-Buffering: no\r\n";
        response.body.head = kOpening;
        response.stream = [&feed, request](LiveClient& client) {
            return feed.join(request, client);
        };
        return response;
    });
}

}  // namespace muster
