#include <muster/api/status_feed.hpp>

#include <algorithm>
#include <limits>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/api/live_conversation.hpp>
#include <muster/codec/live_json.hpp>

namespace muster {
namespace {

constexpr std::string_view kWholeChannel = "status-update";
constexpr std::uint64_t kNeverSent = std::numeric_limits<std::uint64_t>::max();

/// What a request asks for; an error names the parameter.
Result<LiveChannels> asked_of(Target const& target) {
    QueryReader reader(target);
    auto channels = asked_channels({kWholeChannel}, reader);
    if (channels && reader.problem()) {
        return failure(Errc::invalid, *reader.problem());
    }
    return channels;
}

}  // namespace

class StatusFeed::Session final : public LiveSession {
public:
    Session(StatusFeed& feed, LiveChannels channels, LiveClient& client)
        : feed_(feed),
          client_(client),
          self_(feed.sessions_.insert(feed.sessions_.end(), this)),
          conversation_(std::move(channels)) {
        show_again();
    }
    ~Session() override { feed_.sessions_.erase(self_); }
    Session(Session const&) = delete;
    Session& operator=(Session const&) = delete;

    void opened() override {
        feed_.renew();
        pump_now();
    }
    void received(std::string_view text) override;
    void sent() override {
        writing_ = false;
        if (conversation_.has_reply() || seen_ != feed_.picture_.version) {
            pump_now();
        }
    }
    [[nodiscard]] bool takes_messages() const override { return conversation_.takes_messages(); }

    /// Sends what is due, if the client can take it.
    void pump(Instant const& now);

    /// The client is still taking a picture that is not the newest any more.
    [[nodiscard]] bool lags() const noexcept { return writing_ && seen_ < feed_.picture_.version; }

private:
    void pump_now() { pump(feed_.clock_.now()); }

    /// When the client may be sent the next picture. What it was shown nothing of yet does not wait
    /// for the others' moment.
    [[nodiscard]] SteadyTime due() const noexcept {
        return whole_ && seen_ != 0 ? std::max(next_allowed_, feed_.whole_due_) : next_allowed_;
    }

    void show_again();
    void forget_unwanted();
    [[nodiscard]] bool picture_is_new();
    [[nodiscard]] SharedText picture_frame(WallTime now);
    void send(LiveFrame frame) {
        writing_ = true;
        client_.send(std::move(frame));
    }

    StatusFeed& feed_;
    LiveClient& client_;
    std::list<Session*>::iterator const self_;

    LiveConversation conversation_;
    std::map<std::string, std::uint64_t, std::less<>> projects_;  ///< Name, version last sent.

    bool whole_{false};  ///< Of the channels, the one that shows all.
    bool writing_{false};
    bool reply_was_last_{false};
    std::uint64_t seen_{0};  ///< Version of the picture last sent.
    SteadyTime next_allowed_{};
};

void StatusFeed::Session::received(std::string_view text) {
    auto const done = conversation_.hear(text);
    if (done == ClientMessage::Kind::subscribe) {
        show_again();
    } else if (done == ClientMessage::Kind::unsubscribe) {
        forget_unwanted();
    }
    pump_now();
}

/// What the client asked for is shown as it is now.
void StatusFeed::Session::show_again() {
    seen_ = 0;
    whole_ = conversation_.channels().has(kWholeChannel);
    for (auto const& name : conversation_.channels().projects()) {
        projects_.insert_or_assign(name, kNeverSent);
    }
}

void StatusFeed::Session::forget_unwanted() {
    whole_ = conversation_.channels().has(kWholeChannel);
    std::erase_if(projects_, [this](auto const& known) {
        return !conversation_.channels().projects().contains(known.first);
    });
}

void StatusFeed::Session::pump(Instant const& now) {
    if (writing_) {
        return;
    }
    bool const news = picture_is_new();
    bool const picture_due = news && now.steady >= due();
    if (conversation_.has_reply() && !(reply_was_last_ && picture_due)) {
        reply_was_last_ = true;
        send(conversation_.take_reply());
        return;
    }
    if (!news) {
        return;
    }
    if (!picture_due) {
        feed_.arm(due());
        return;
    }
    reply_was_last_ = false;
    auto frame = picture_frame(now.wall);
    next_allowed_ = now.steady + feed_.gap_after(*frame);
    send({std::move(frame), kWholeChannel});
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

SharedText StatusFeed::Session::picture_frame(WallTime now) {
    auto& picture = feed_.picture_;
    auto& model = feed_.model_;
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
    if (auto const known = picture.narrowed.find(key); known != picture.narrowed.end()) {
        return known->second;
    }
    std::string map = "{";
    for (auto const id : ids) {
        map += map.size() > 1 ? "," : "";
        model.append_member(map, id);
    }
    auto frame = std::make_shared<std::string const>(status_frame(map + "}", now));
    auto const bytes = key.size() + frame->size();
    if (picture.narrowed_bytes + bytes > feed_.options_.narrowed_bytes) {
        picture.narrowed.clear();
        picture.narrowed_bytes = 0;
    }
    picture.narrowed_bytes += bytes;
    picture.narrowed.emplace(std::move(key), frame);
    return frame;
}

StatusFeed::StatusFeed(ReadModel& model, Timers& timers, Clock const& clock, Options options)
    : model_(model), clock_(clock), options_(options), timer_(timers.make([this] { tick(); })) {}

StatusFeed::~StatusFeed() = default;

std::optional<std::string> StatusFeed::objection(Request const& request) const {
    auto const channels = asked_of(request.target);
    return channels ? std::nullopt : std::optional(channels.error().message);
}

std::unique_ptr<LiveSession> StatusFeed::join(Request const& request, LiveClient& client) {
    return join(asked_of(request.target).value_or(LiveChannels({kWholeChannel})), client);
}

std::unique_ptr<LiveSession> StatusFeed::join(LiveChannels channels, LiveClient& client) {
    return std::make_unique<Session>(*this, std::move(channels), client);
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
    auto const now = clock_.now();
    armed_for_ = SteadyTime::max();
    last_tick_ = now.steady;
    ticked_version_ = model_.version();
    renew();
    bool const whole_is_due = now.steady >= whole_due_;
    for (auto* const session : sessions_) {
        coalesced_ += session->lags() ? 1 : 0;
        session->pump(now);
    }
    if (whole_is_due && picture_.whole) {
        whole_due_ = now.steady + gap_after(*picture_.whole);
    }
}

/// Passes keep the gap between them, whenever each client's own ends, so that all soon share them.
/// When the whole map is due is shared already, and is not put off.
void StatusFeed::arm(SteadyTime at) {
    if (at != whole_due_) {
        at = std::max(at, last_tick_ + options_.min_gap);
    }
    if (at < armed_for_) {
        armed_for_ = at;
        timer_->arm(at);
    }
}

/// After a large frame it is longer.
Millis StatusFeed::gap_after(std::string const& frame) const {
    return std::max(options_.min_gap, Millis(frame.size() * 1000 / options_.bytes_per_second));
}

}  // namespace muster
