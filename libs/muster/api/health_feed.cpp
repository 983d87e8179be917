#include <muster/api/health_feed.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

#include <muster/api/live_conversation.hpp>
#include <muster/api/query_reader.hpp>
#include <muster/codec/live_json.hpp>
#include <muster/codec/record_json.hpp>
#include <muster/codec/service_json.hpp>

namespace muster {
namespace {

constexpr std::string_view kSnapshot = "snapshot";
constexpr std::string_view kHealth = "health";

/// Snapshots kept for those who ask for the same.
constexpr std::size_t kSnapshotsKept = 64;
/// Those who join at about the same time share one; views are as late as this anyway.
constexpr Millis kSharedFor{100};
/// From this size on it is also shared for as long as it takes to be sent.
constexpr std::size_t kLargeSnapshot = 1U << 20U;
/// Services that are visited in one go while those of one project are looked for.
constexpr std::size_t kAtOnce = 256;

std::string cause_object(std::string_view cause) {
    return R"({"cause":")" + std::string(cause) + R"("})";
}

std::optional<LivePosition> since_of(QueryReader& reader, std::optional<std::string>& problem) {
    auto const given = reader.text("since");
    if (!given) {
        return std::nullopt;
    }
    auto const position = parse_live_position(*given);
    if (!position) {
        problem = "since must be EPOCH:SEQ, two whole numbers as frames tell them, not " +
                  in_quotes(*given);
    }
    return position;
}

/// What a request asks for; an error names the parameter.
struct Asked {
    LiveChannels channels;
    std::optional<LivePosition> since;
};
Result<Asked> asked_of(Target const& target) {
    QueryReader reader(target);
    auto channels = asked_channels({kSnapshot, kHealth}, reader);
    if (!channels) {
        return tl::unexpected(std::move(channels.error()));
    }
    std::optional<std::string> problem;
    auto const since = since_of(reader, problem);
    if (reader.problem() || problem) {
        return failure(Errc::invalid, reader.problem().value_or(problem.value_or("")));
    }
    return Asked{std::move(*channels), since};
}

}  // namespace

HealthNews HealthNews::of(FleetDelta const& delta) {
    HealthNews news;
    news.reset = delta.reset;
    news.removed = delta.removed_services;
    news.transitions = delta.transitions;
    news.touched.reserve(delta.services.size() + delta.registered.size());
    for (auto const& service : delta.registered) {
        news.touched.push_back(service->id);
    }
    for (auto const& row : delta.services) {
        news.touched.push_back(row.id);
    }
    return news;
}

class HealthFeed::Session final : public LiveSession {
public:
    Session(HealthFeed& feed, LiveChannels channels, std::optional<LivePosition> since,
            LiveClient& client)
        : feed_(feed),
          client_(client),
          self_(feed.sessions_.insert(feed.sessions_.end(), this)),
          conversation_(std::move(channels)),
          since_(since) {}
    ~Session() override { feed_.sessions_.erase(self_); }
    Session(Session const&) = delete;
    Session& operator=(Session const&) = delete;

    void opened() override {
        open_ = true;
        if (since_) {
            resume();
        }
        pump();
    }
    void received(std::string_view text) override {
        if (conversation_.hear(text) == ClientMessage::Kind::subscribe) {
            wants_snapshot_ = true;  // what the client asked for is shown as it is now
        }
        pump();
    }
    void sent() override {
        writing_ = false;
        pump();
    }
    [[nodiscard]] bool takes_messages() const override { return conversation_.takes_messages(); }

    /// The numbering began anew: what this client knows is of no use any more.
    void begin_again() { wants_snapshot_ = true; }

    /// Sends what is due, if the client can take it.
    void pump();

private:
    [[nodiscard]] LiveChannels const& channels() const { return conversation_.channels(); }
    [[nodiscard]] bool wants(Held const& held) const {
        return channels().has(kHealth) || channels().projects().contains(held.project) ||
               channels().projects().contains(held.project_id);
    }

    void resume();
    [[nodiscard]] std::optional<LiveFrame> next_frame();
    [[nodiscard]] std::optional<LiveFrame> next_snapshot();
    void send(LiveFrame frame) {
        writing_ = true;
        client_.send(std::move(frame));
    }

    HealthFeed& feed_;
    LiveClient& client_;
    std::list<Session*>::iterator const self_;

    LiveConversation conversation_;
    std::optional<LivePosition> const since_;
    bool open_{false};
    bool writing_{false};
    bool reply_was_last_{false};
    bool wants_snapshot_{true};
    std::uint64_t next_{0};  ///< The number of the frame that comes next.
};

void HealthFeed::Session::resume() {
    bool const ours = since_->epoch == feed_.epoch_ && since_->seq <= feed_.seq_;
    if (!ours || since_->seq + 1 < feed_.first_held()) {
        ++feed_.counters_.too_late;
        return;
    }
    ++feed_.counters_.resumed;
    next_ = since_->seq + 1;
    wants_snapshot_ = false;
}

void HealthFeed::Session::pump() {
    if (writing_ || !open_) {
        return;
    }
    // Answers and frames take turns: who talks much does not keep the changes from coming.
    if (conversation_.has_reply() && !reply_was_last_) {
        reply_was_last_ = true;
        send(conversation_.take_reply());
        return;
    }
    reply_was_last_ = false;
    if (auto frame = next_frame()) {
        send(std::move(*frame));
    } else if (conversation_.has_reply()) {
        send(conversation_.take_reply());
    }
}

std::optional<LiveFrame> HealthFeed::Session::next_frame() {
    if (!wants_snapshot_ && next_ < feed_.first_held()) {
        ++feed_.counters_.coalesced;
        wants_snapshot_ = true;
    }
    if (std::exchange(wants_snapshot_, false)) {
        if (auto snapshot = next_snapshot()) {
            return snapshot;
        }
    }
    while (next_ <= feed_.seq_) {
        auto const seq = next_++;
        if (auto const& held = feed_.held_at(seq); wants(held)) {
            return LiveFrame{held.text, kHealth, LivePosition{feed_.epoch_, seq}};
        }
    }
    return std::nullopt;
}

/// Nothing where the client has no channel that shows one.
std::optional<LiveFrame> HealthFeed::Session::next_snapshot() {
    if (!channels().has(kSnapshot) && !channels().has(kHealth) && channels().projects().empty()) {
        next_ = feed_.seq_ + 1;
        return std::nullopt;
    }
    auto const& snapshot = feed_.snapshot_of(channels());
    next_ = snapshot.seq + 1;
    return LiveFrame{snapshot.text, kSnapshot, LivePosition{feed_.epoch_, snapshot.seq}};
}

HealthFeed::HealthFeed(ReadModel const& model, Clock const& clock, Options options)
    : model_(model), clock_(clock), options_(options) {
    begin_again();
}

HealthFeed::~HealthFeed() = default;

std::optional<std::string> HealthFeed::objection(Request const& request) const {
    auto const asked = asked_of(request.target);
    return asked ? std::nullopt : std::optional(asked.error().message);
}

std::unique_ptr<LiveSession> HealthFeed::join(Request const& request, LiveClient& client) {
    auto asked =
        asked_of(request.target).value_or(Asked{LiveChannels({kSnapshot, kHealth}), std::nullopt});
    return join(std::move(asked.channels), asked.since, client);
}

std::unique_ptr<LiveSession> HealthFeed::join(LiveChannels channels,
                                              std::optional<LivePosition> since,
                                              LiveClient& client) {
    return std::make_unique<Session>(*this, std::move(channels), since, client);
}

void HealthFeed::applied(HealthNews const& news) {
    auto const before = seq_;
    if (news.reset) {
        begin_again();
    } else {
        for (auto const id : news.removed) {
            remove(id);
        }
        for (auto const& transition : news.transitions) {
            tell(transition);
        }
        for (auto const id : news.touched) {
            compare(id);
        }
    }
    forget_old();
    forget_snapshots();
    if (seq_ == before && !news.reset) {
        return;
    }
    for (auto* const session : sessions_) {
        session->pump();
    }
}

/// Takes the model's picture as it is for the start of a new numbering. Its number is the time, so
/// that no two lives of a hub have the same, whatever becomes of its data folder.
void HealthFeed::begin_again() {
    auto const now = clock_.now().wall.time_since_epoch().count();
    epoch_ = std::max(epoch_ + 1, static_cast<std::uint64_t>(std::max<std::int64_t>(now, 0)));
    seq_ = 0;
    held_.clear();
    held_bytes_ = 0;
    snapshots_.clear();
    told_.clear();
    for (auto const& [id, service] : model_.registered_services()) {
        if (auto const* const row = model_.service(id)) {
            told_.insert_or_assign(id, Told{service, row->status, row->overlays});
        }
    }
    for (auto* const session : sessions_) {
        session->begin_again();
    }
}

void HealthFeed::remove(ServiceId id) {
    auto const known = told_.find(id);
    if (known == told_.end()) {
        return;
    }
    auto const& service = *known->second.service;
    std::string object;
    append_service(object, service, nullptr);  // nobody knows any more how it is
    number(service, object, known->second.status, cause_object("removed"), clock_.now().wall, true);
    told_.erase(known);
}

void HealthFeed::tell(Transition const& transition) {
    auto const* const row = model_.service(transition.service);
    auto service = registered(transition.service);
    if (row == nullptr || !service) {
        return;  // it is gone by now
    }
    auto shown = *row;
    auto const [known, is_new] = told_.try_emplace(transition.service);
    auto& told = known->second;
    told.service = std::move(service);
    if (is_new) {
        shown.status = transition.from;
        tell(told, shown, HealthStatus::unknown, "registered");
    }
    // The row may be further already: each frame shows the status that it is about.
    shown.status = transition.to;
    told.status = shown.status;
    told.overlays = shown.overlays;
    std::string object;
    append_service(object, *told.service, &shown);
    number(*told.service, object, transition.from, encode_reason(transition.reason), transition.at);
}

/// What the model shows and no transition has told.
void HealthFeed::compare(ServiceId id) {
    auto const* const row = model_.service(id);
    auto service = registered(id);
    if (row == nullptr || !service) {
        return;
    }
    auto const [known, is_new] = told_.try_emplace(id);
    auto& told = known->second;
    bool const redefined = told.service != service;
    told.service = std::move(service);
    if (is_new) {
        tell(told, *row, HealthStatus::unknown, "registered");
    } else if (redefined || told.status != row->status) {
        tell(told, *row, told.status, "changed");
    } else if (told.overlays != row->overlays) {
        tell(told, *row, told.status, "overlays");
    }
}

void HealthFeed::tell(Told& told, ServiceView const& shown, HealthStatus previous,
                      std::string_view cause) {
    told.status = shown.status;
    told.overlays = shown.overlays;
    std::string object;
    append_service(object, *told.service, &shown);
    number(*told.service, object, previous, cause_object(cause), clock_.now().wall);
}

void HealthFeed::number(Service const& service, std::string_view object, HealthStatus previous,
                        std::string_view reason, WallTime at, bool removed) {
    auto text = std::make_shared<std::string const>(
        health_frame({++seq_, object, previous, reason, removed, at}));
    held_bytes_ += text->size();
    held_.push_back(
        {std::move(text), service.spec.project, std::to_string(service.project_id.value)});
    ++counters_.changes;
}

void HealthFeed::forget_old() {
    while (held_.size() > options_.held_frames || held_bytes_ > options_.held_bytes) {
        held_bytes_ -= held_.front().text->size();
        held_.pop_front();
    }
}

std::shared_ptr<Service const> HealthFeed::registered(ServiceId id) const {
    auto const found = model_.registered_services().find(id);
    return found != model_.registered_services().end() ? found->second : nullptr;
}

HealthFeed::Snapshot const& HealthFeed::snapshot_of(LiveChannels const& channels) {
    std::vector<ProjectId> projects;
    std::string key = "*";
    bool const whole = channels.has(kSnapshot) || channels.has(kHealth);
    if (!whole) {
        for (auto const& name : channels.projects()) {
            if (auto const* const project = model_.project(name)) {
                projects.push_back(project->view.id);
            }
        }
        std::sort(projects.begin(), projects.end());
        projects.erase(std::unique(projects.begin(), projects.end()), projects.end());
        key.clear();
        for (auto const id : projects) {
            key += std::to_string(id.value) + ' ';
        }
    }
    auto const known = snapshots_.find(key);
    if (known != snapshots_.end() && is_fresh(known->second)) {
        return known->second;
    }
    Snapshot made{encode_snapshot(whole ? nullptr : &projects), seq_, clock_.now().steady};
    forget_snapshots();
    make_room(made.text->size());
    return snapshots_.insert_or_assign(std::move(key), std::move(made)).first->second;
}

/// Those that are of no use to anybody who comes.
void HealthFeed::forget_snapshots() {
    std::erase_if(snapshots_, [this](auto const& known) { return !is_fresh(known.second); });
}

/// For one more of this size: the oldest go first.
void HealthFeed::make_room(std::size_t bytes) {
    auto kept = snapshot_bytes();
    while (!snapshots_.empty() &&
           (snapshots_.size() >= kSnapshotsKept || kept + bytes > options_.snapshot_bytes)) {
        auto const oldest = std::min_element(snapshots_.begin(), snapshots_.end(),
                                             [](auto const& left, auto const& right) {
                                                 return left.second.made_at < right.second.made_at;
                                             });
        kept -= oldest->second.text->size();
        snapshots_.erase(oldest);
    }
}

std::size_t HealthFeed::snapshot_bytes() const noexcept {
    std::size_t bytes = 0;
    for (auto const& [projects, snapshot] : snapshots_) {
        bytes += snapshot.text->size();
    }
    return bytes;
}

/// Whether it may be sent as it is. The frames behind it bring every change; only what changes with
/// each check may be older than it was.
bool HealthFeed::is_fresh(Snapshot const& snapshot) const {
    auto const age = clock_.now().steady - snapshot.made_at;
    auto const size = snapshot.text->size();
    if (snapshot.seq == seq_ && age < kSharedFor) {
        return true;
    }
    return size >= kLargeSnapshot && snapshot.seq + 1 >= first_held() &&
           age < Millis(size * 1000 / options_.bytes_per_second);
}

/// `projects`: null for all. Services in the order of their projects' ids, then by name.
SharedText HealthFeed::encode_snapshot(std::vector<ProjectId> const* projects) const {
    auto text = snapshot_frame_begin(epoch_, seq_);
    bool first = true;
    auto const append = [&](ServiceView const& row) {
        if (auto const* const service = model_.registered(row.id)) {
            text += std::exchange(first, false) ? "" : ",";
            append_service(text, *service, &row);
        }
    };
    if (projects == nullptr) {
        static_cast<void>(model_.visit_services({}, model_.service_count(), append));
    } else {
        for (auto const id : *projects) {
            std::optional<ReadModel::ServicePlace> place{{id, ""}};
            while (place && place->first == id) {
                place = model_.visit_services(place, kAtOnce, [&](ServiceView const& row) {
                    if (row.project_id == id) {
                        append(row);
                    }
                });
            }
        }
    }
    text += snapshot_frame_end(clock_.now().wall);
    return std::make_shared<std::string const>(std::move(text));
}

}  // namespace muster
