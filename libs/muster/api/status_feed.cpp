#include <muster/api/status_feed.hpp>

#include <algorithm>
#include <deque>
#include <limits>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/api/query_reader.hpp>
#include <muster/codec/live_json.hpp>
#include <muster/domain/names.hpp>

namespace muster {
namespace {

constexpr std::string_view kWholeChannel = "status-update";
constexpr std::string_view kProjectChannel = "project:";
constexpr std::size_t kMaxReplies = 16;
constexpr std::uint64_t kNeverSent = std::numeric_limits<std::uint64_t>::max();

}  // namespace

class StatusFeed::Session final : public LiveSession {
public:
    Session(StatusFeed& feed, LiveClient& client)
        : feed_(feed), client_(client), self_(feed.sessions_.insert(feed.sessions_.end(), this)) {}
    ~Session() override { feed_.sessions_.erase(self_); }
    Session(Session const&) = delete;
    Session& operator=(Session const&) = delete;

    void opened() override {
        feed_.renew();
        pump();
    }
    void received(std::string_view text) override;
    void sent() override {
        writing_ = false;
        pump();
    }
    [[nodiscard]] bool takes_messages() const override { return replies_.size() < kMaxReplies; }

    /// Sends what is due, if the client can take it.
    void pump();

private:
    void subscribe(ClientMessage const& message);
    [[nodiscard]] std::vector<std::string> channels() const;
    void answer(std::string frame) {
        replies_.push_back(std::make_shared<std::string const>(std::move(frame)));
    }

    [[nodiscard]] bool picture_is_new();
    [[nodiscard]] SharedText picture_frame();
    void send(SharedText frame) {
        writing_ = true;
        client_.send(std::move(frame));
    }

    StatusFeed& feed_;
    LiveClient& client_;
    std::list<Session*>::iterator const self_;

    bool narrowed_{false};  ///< The client said what it wants.
    bool whole_{true};
    std::map<std::string, std::uint64_t, std::less<>> projects_;  ///< Name, version last sent.

    bool writing_{false};
    bool reply_was_last_{false};
    std::deque<SharedText> replies_;
    std::uint64_t seen_{0};  ///< Version of the picture last sent.
    SteadyTime next_allowed_{};
};

void StatusFeed::Session::received(std::string_view text) {
    auto const message = decode_client_message(text);
    if (!message) {
        answer(error_frame(message.error().message));
    } else if (message->kind == ClientMessage::Kind::ping) {
        answer(std::string(pong_frame()));
    } else {
        subscribe(*message);
    }
    pump();
}

void StatusFeed::Session::subscribe(ClientMessage const& message) {
    bool const adds = message.kind == ClientMessage::Kind::subscribe;
    auto projects = projects_;
    bool whole = adds ? narrowed_ && whole_ : whole_;
    for (std::string_view const channel : message.channels) {
        auto const name = channel.substr(std::min(kProjectChannel.size(), channel.size()));
        if (channel == kWholeChannel) {
            whole = adds;
        } else if (channel.starts_with(kProjectChannel) && is_valid_name(name)) {
            if (adds) {
                projects.emplace(name, kNeverSent);
            } else if (auto const known = projects.find(name); known != projects.end()) {
                projects.erase(known);
            }
        } else {
            answer(error_frame("unknown channel " + in_quotes(channel) +
                               ": channels here are status-update and project:<name>"));
            return;
        }
    }
    if (projects.size() > ClientMessage::kMaxChannels) {
        answer(error_frame("more than 1000 channels"));
        return;
    }
    narrowed_ = true;
    whole_ = whole;
    projects_ = std::move(projects);
    answer(subscribed_frame(channels()));
    if (adds) {
        // What the client asked for is shown as it is now.
        seen_ = 0;
        for (auto& [name, version] : projects_) {
            version = kNeverSent;
        }
    }
}

std::vector<std::string> StatusFeed::Session::channels() const {
    std::vector<std::string> channels;
    if (whole_) {
        channels.emplace_back(kWholeChannel);
    }
    for (auto const& [name, version] : projects_) {
        channels.push_back(std::string(kProjectChannel) + name);
    }
    return channels;
}

void StatusFeed::Session::pump() {
    if (writing_) {
        return;
    }
    bool const news = picture_is_new();
    auto const now = feed_.clock_.now().steady;
    bool const picture_due = news && now >= next_allowed_;
    if (!replies_.empty() && !(reply_was_last_ && picture_due)) {
        reply_was_last_ = true;
        auto reply = std::move(replies_.front());
        replies_.pop_front();
        send(std::move(reply));
        return;
    }
    if (!news) {
        return;
    }
    if (!picture_due) {
        feed_.arm(next_allowed_);
        return;
    }
    reply_was_last_ = false;
    auto frame = picture_frame();
    auto const by_rate = Millis(frame->size() * 1000 / feed_.options_.bytes_per_second);
    next_allowed_ = now + std::max(feed_.options_.min_gap, by_rate);
    send(std::move(frame));
}

/// Whether the picture shows this client something that it was not sent.
bool StatusFeed::Session::picture_is_new() {
    if (seen_ == feed_.picture_.version) {
        return false;
    }
    if (whole_) {
        return true;
    }
    for (auto const& [name, version] : projects_) {
        auto const* const project = feed_.model_.project(name);
        if (version != (project != nullptr ? project->version : 0)) {
            return true;
        }
    }
    seen_ = feed_.picture_.version;
    return false;
}

SharedText StatusFeed::Session::picture_frame() {
    auto& picture = feed_.picture_;
    auto& model = feed_.model_;
    auto const now = feed_.clock_.now().wall;
    seen_ = picture.version;
    if (whole_) {
        if (!picture.whole) {
            picture.whole =
                std::make_shared<std::string const>(status_frame(*model.status_map(), now));
        }
        return picture.whole;
    }
    std::string key;
    std::set<ProjectId> ids;  // a project may be asked for by its name and by its id
    for (auto& [name, version] : projects_) {
        auto const* const project = model.project(name);
        version = project != nullptr ? project->version : 0;
        if (project != nullptr) {
            ids.insert(project->view.id);
        }
        key += name;
        key += ' ';
    }
    auto const [known, added] = picture.narrowed.try_emplace(std::move(key));
    if (added) {
        std::string map = "{";
        for (auto const id : ids) {
            map += map.size() > 1 ? "," : "";
            model.append_member(map, id);
        }
        known->second = std::make_shared<std::string const>(status_frame(map + "}", now));
    }
    return known->second;
}

StatusFeed::StatusFeed(ReadModel& model, Timers& timers, Clock const& clock, Options options)
    : model_(model), clock_(clock), options_(options), timer_(timers.make([this] { tick(); })) {}

StatusFeed::~StatusFeed() = default;

std::unique_ptr<LiveSession> StatusFeed::join(Request const& /*request*/, LiveClient& client) {
    return std::make_unique<Session>(*this, client);
}

void StatusFeed::changed() {
    if (!sessions_.empty() && model_.version() != ticked_version_) {
        arm(std::max(clock_.now().steady, last_tick_ + options_.min_gap));
    }
}

void StatusFeed::renew() {
    if (picture_.version != model_.version()) {
        picture_ = {};
        picture_.version = model_.version();
    }
}

void StatusFeed::tick() {
    armed_for_ = SteadyTime::max();
    last_tick_ = clock_.now().steady;
    ticked_version_ = model_.version();
    renew();
    for (auto* const session : sessions_) {
        session->pump();
    }
}

/// Clients whose gaps end at different times are gathered: ticks keep a tenth of the gap between
/// them, and after a few of them all clients share one.
void StatusFeed::arm(SteadyTime at) {
    at = std::max(at, last_tick_ + options_.min_gap / 10);
    if (at < armed_for_) {
        armed_for_ = at;
        timer_->arm(at);
    }
}

}  // namespace muster
