// A *name* is what is known of a host: its last answer, and until when that holds. A *question* is
// under way for a name; it lets go of the name when it was answered well enough or took too long,
// and goes itself when c-ares owes it no reply any more. An *asker* waits at its name until the
// question ends, and is then told on the loop's next turn, where it may do what it likes.
#include <muster/dns/dns_resolver.hpp>

#include <algorithm>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <muster/base/utf8.hpp>
#include <muster/dns/ares_channel.hpp>
#include <muster/dns/hosts_file.hpp>
#include <muster/dns/question.hpp>
#include <muster/dns/watched_file.hpp>

namespace muster {
namespace {

namespace asio = boost::asio;
namespace intrusive = boost::intrusive;

constexpr Millis kTick{20};            ///< How often what is under way is looked at.
constexpr Millis kLookAtFiles{1'000};  ///< How often files are looked at, while names are asked.
constexpr std::size_t kMaxShownName = 255;

using Answer = tl::expected<ResolvedName, Failure>;
using AutoUnlink = intrusive::list_base_hook<intrusive::link_mode<intrusive::auto_unlink>>;

class Asker final : public Resolver::Query, public AutoUnlink {
public:
    explicit Asker(Resolver::Done given) : done(std::move(given)) {}

    Resolver::Done done;
    std::optional<Answer> answer;  ///< Once it is among those to be told.
};

using Askers = intrusive::list<Asker, intrusive::constant_time_size<false>>;

struct Name : intrusive::list_base_hook<> {
    std::string host;
    std::optional<tl::expected<Addresses, Failure>> known;  ///< The servers' last word.
    bool is_partial{false};                                 ///< Of `known`: as ResolvedName's.
    SteadyTime known_at{};
    SteadyTime holds_until{};
    std::optional<SteadyTime> failed_at;  ///< No server has answered since `known_at`.
    Question* question{nullptr};          ///< Under way.
    bool is_bridged{false};               ///< The question is late: an old answer does for now.
    Askers askers;
};

Failure no_answer_failure(std::string const& host) {
    return {Failure::Kind::ours,
            fmt::format("the name servers of this machine do not answer for {} (not counted)",
                        clean_text(host, kMaxShownName)),
            OwnFault::resolver};
}

}  // namespace

class DnsResolver::Impl final : public std::enable_shared_from_this<Impl>,
                                private QuestionObserver {
public:
    Impl(Loop& loop, Clock const& clock, DnsOptions options)
        : loop_(loop),
          clock_(clock),
          options_(std::move(options)),
          configuration_(options_.configuration),
          hosts_file_(options_.hosts),
          channel_(loop.context(), options_),
          timer_(loop.context()) {
        static_cast<void>(configuration_.has_changed());  // the channel has just read it
    }
    ~Impl() = default;
    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;

    [[nodiscard]] std::unique_ptr<Query> resolve(std::string const& host, Done done);
    [[nodiscard]] bool still_at(std::string const& host, asio::ip::address const& address);
    void stop();
    [[nodiscard]] std::size_t names_known() const noexcept { return names_.size(); }

private:
    void heard(Question& question) override;

    [[nodiscard]] Name& name_of(std::string const& host);
    void forget_oldest();
    void look_at_files(SteadyTime now);
    void ask_again_elsewhere();
    [[nodiscard]] Question& make_question(std::string const& host);
    void drop_finished();

    [[nodiscard]] std::optional<Answer> answer_now(Name const& name, SteadyTime now) const;
    [[nodiscard]] Answer in_need(Name const& name, SteadyTime now) const;
    [[nodiscard]] bool has_old_answer(Name const& name, SteadyTime now) const;
    [[nodiscard]] bool is_pausing(Name const& name, SteadyTime now) const;

    void ask(Name& name, SteadyTime now);
    void start_waiting(SteadyTime now);
    void start_ticking();
    void tick();
    void look_at(Name& name, SteadyTime now);
    void settle(Name& name, SteadyTime now);
    void give_up(Name& name, SteadyTime now);
    void let_go(Name& name);

    void tell_askers(Name& name, Answer const& answer);
    void tell(Asker& asker, Answer answer);
    void turn_soon();
    void turn();

    Loop& loop_;
    Clock const& clock_;
    DnsOptions const options_;
    WatchedFile configuration_;
    WatchedFile hosts_file_;
    std::optional<SteadyTime> files_seen_at_;
    HostsFile hosts_;

    std::unordered_map<std::string, Name> names_;
    intrusive::list<Name> by_use_;  ///< Used longest ago first.
    std::unordered_map<Question*, std::unique_ptr<Question>> questions_;
    std::vector<Question*> finished_;  ///< To be dropped on the next turn.
    std::deque<Name*> waiting_;        ///< Until fewer are asked for.
    std::size_t asked_for_{0};         ///< Names with a question that was started.
    Askers to_tell_;
    bool turns_soon_{false};
    bool ticks_{false};
    bool reopens_{false};
    bool stopped_{false};
    AresChannel channel_;
    asio::steady_timer timer_;  // last: it calls back
};

std::unique_ptr<Resolver::Query> DnsResolver::Impl::resolve(std::string const& host, Done done) {
    auto asker = std::make_unique<Asker>(std::move(done));
    if (stopped_) {
        return asker;
    }
    auto const now = clock_.now().steady;
    look_at_files(now);
    auto& name = name_of(host);
    if (auto answer = answer_now(name, now)) {
        tell(*asker, *std::move(answer));
        return asker;
    }
    name.askers.push_back(*asker);
    ask(name, now);
    return asker;
}

bool DnsResolver::Impl::still_at(std::string const& host, asio::ip::address const& address) {
    if (stopped_) {
        return true;
    }
    auto const now = clock_.now().steady;
    look_at_files(now);
    auto& name = name_of(host);
    if (!answer_now(name, now)) {
        ask(name, now);
    }
    Addresses const* known = nullptr;
    bool is_partial = false;
    if (auto const listed = hosts_.find(name.host); listed != hosts_.end()) {
        known = &listed->second;
    } else if (name.known) {
        known = *name.known ? &**name.known : nullptr;
        if (known == nullptr) {
            return false;  // there is no such name any more
        }
        is_partial = name.is_partial;
    }
    if (is_partial && known->front().is_v4() != address.is_v4()) {
        return true;  // of the family that the answer says nothing about
    }
    return known == nullptr || std::find(known->begin(), known->end(), address) != known->end();
}

void DnsResolver::Impl::stop() {
    stopped_ = true;
    channel_.close();
    timer_.cancel();
    to_tell_.clear();
    for (auto& [host, name] : names_) {
        name.askers.clear();
    }
    by_use_.clear();
    waiting_.clear();
    names_.clear();
    finished_.clear();
    questions_.clear();
}

Name& DnsResolver::Impl::name_of(std::string const& host) {
    auto const known = names_.find(host);
    if (known != names_.end()) {
        by_use_.splice(by_use_.end(), by_use_, by_use_.iterator_to(known->second));
        return known->second;
    }
    forget_oldest();
    auto& name = names_[host];
    name.host = host;
    by_use_.push_back(name);
    return name;
}

/// A name that somebody asks for stays; there are few of them among those used longest ago.
void DnsResolver::Impl::forget_oldest() {
    constexpr int kLooks = 8;
    for (int look = 0; look < kLooks && !names_.empty() && names_.size() >= options_.max_names;
         ++look) {
        auto& oldest = by_use_.front();
        if (oldest.question != nullptr || !oldest.askers.empty()) {
            by_use_.splice(by_use_.end(), by_use_, by_use_.iterator_to(oldest));
            continue;
        }
        by_use_.pop_front();
        names_.erase(names_.find(oldest.host));
    }
}

void DnsResolver::Impl::look_at_files(SteadyTime now) {
    if (files_seen_at_ && now - *files_seen_at_ < kLookAtFiles) {
        return;
    }
    files_seen_at_ = now;
    if (hosts_file_.has_changed()) {
        hosts_ = parse_hosts(hosts_file_.read());
    }
    if (options_.servers.empty() && configuration_.has_changed()) {
        ask_again_elsewhere();
    }
}

/// Other servers: what the old ones owe is asked of the new ones.
void DnsResolver::Impl::ask_again_elsewhere() {
    reopens_ = true;
    channel_.reopen();
    reopens_ = false;
    drop_finished();
    std::vector<Name*> asked;
    for (auto& [host, name] : names_) {
        name.failed_at.reset();
        if (name.question != nullptr && name.question->is_started()) {
            asked.push_back(&name);
            name.question = &make_question(host);
        }
    }
    std::erase_if(questions_, [](auto const& entry) { return entry.second->is_started(); });
    auto const now = clock_.now().steady;
    for (auto* const name : asked) {
        name->question->start(channel_, now);
    }
}

/// What can be told without asking.
std::optional<Answer> DnsResolver::Impl::answer_now(Name const& name, SteadyTime now) const {
    if (auto const listed = hosts_.find(name.host); listed != hosts_.end()) {
        return ResolvedName{listed->second, std::nullopt, false};
    }
    if (name.known && now < name.holds_until) {
        return name.known->map([&name](Addresses const& addresses) {
            return ResolvedName{addresses, std::nullopt, name.is_partial};
        });
    }
    if (is_pausing(name, now) || (name.is_bridged && has_old_answer(name, now))) {
        return in_need(name, now);
    }
    return std::nullopt;
}

/// What is told while no server answers.
Answer DnsResolver::Impl::in_need(Name const& name, SteadyTime now) const {
    if (has_old_answer(name, now)) {
        return ResolvedName{**name.known, std::chrono::duration_cast<Millis>(now - name.known_at),
                            name.is_partial};
    }
    return tl::unexpected(no_answer_failure(name.host));
}

bool DnsResolver::Impl::has_old_answer(Name const& name, SteadyTime now) const {
    return name.known && *name.known && now - name.known_at < options_.max_stale;
}

bool DnsResolver::Impl::is_pausing(Name const& name, SteadyTime now) const {
    return name.failed_at && now - *name.failed_at < options_.failure_pause;
}

void DnsResolver::Impl::ask(Name& name, SteadyTime now) {
    if (name.question != nullptr) {
        return;
    }
    name.question = &make_question(name.host);
    waiting_.push_back(&name);
    start_waiting(now);
    start_ticking();
}

void DnsResolver::Impl::start_waiting(SteadyTime now) {
    while (!waiting_.empty() && asked_for_ < options_.max_questions) {
        auto& name = *waiting_.front();
        waiting_.pop_front();
        ++asked_for_;
        name.question->start(channel_, now);
    }
}

Question& DnsResolver::Impl::make_question(std::string const& host) {
    QuestionObserver& observer = *this;
    auto made = std::make_unique<Question>(host, observer);
    auto& question = *made;
    questions_.emplace(&question, std::move(made));
    return question;
}

/// Maybe inside Question::start(), so nothing is destroyed here.
void DnsResolver::Impl::heard(Question& question) {
    if (stopped_ || reopens_) {
        return;
    }
    auto const now = clock_.now().steady;
    auto const known = names_.find(question.host());
    if (known != names_.end() && known->second.question == &question &&
        question.is_settled(now, options_.family_wait)) {
        settle(known->second, now);
    }
    if (!question.is_under_way()) {
        finished_.push_back(&question);
        turn_soon();
    }
}

void DnsResolver::Impl::settle(Name& name, SteadyTime now) {
    auto reply = name.question->reply();
    switch (reply.kind) {
        case DnsReply::Kind::found:
            name.known = std::move(reply.addresses);
            name.holds_until =
                now + (reply.partial ? options_.min_ttl
                                     : std::clamp(std::chrono::duration_cast<Millis>(reply.ttl),
                                                  options_.min_ttl, options_.max_ttl));
            break;
        case DnsReply::Kind::no_name:
            name.known = tl::unexpected(name_failure(name.host));
            name.holds_until = now + options_.negative_ttl;
            break;
        case DnsReply::Kind::no_address:
            name.known = tl::unexpected(no_address_failure(name.host));
            name.holds_until = now + options_.negative_ttl;
            break;
        case DnsReply::Kind::no_answer:
        case DnsReply::Kind::dropped:
            give_up(name, now);
            return;
    }
    name.is_partial = reply.partial;
    name.known_at = now;
    name.failed_at.reset();
    let_go(name);
    tell_askers(name, *answer_now(name, now));
}

void DnsResolver::Impl::give_up(Name& name, SteadyTime now) {
    name.failed_at = now;
    let_go(name);
    tell_askers(name, in_need(name, now));
}

void DnsResolver::Impl::let_go(Name& name) {
    name.question = nullptr;
    name.is_bridged = false;
    --asked_for_;
    turn_soon();  // the next one's turn has come
}

void DnsResolver::Impl::start_ticking() {
    if (ticks_) {
        return;
    }
    ticks_ = true;
    timer_.expires_after(kTick);
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code const& error) {
        auto const self = weak.lock();
        if (self && !error) {
            self->ticks_ = false;
            self->tick();
        }
    });
}

void DnsResolver::Impl::tick() {
    if (stopped_) {
        return;
    }
    channel_.look_at_timeouts();
    auto const now = clock_.now().steady;
    for (auto const& [question, owned] : questions_) {
        auto const known = names_.find(question->host());
        if (known != names_.end() && known->second.question == question && question->is_started()) {
            look_at(known->second, now);
        }
    }
    if (!questions_.empty()) {
        start_ticking();
    }
}

void DnsResolver::Impl::look_at(Name& name, SteadyTime now) {
    auto const age = name.question->age(now);
    if (name.question->is_settled(now, options_.family_wait)) {
        settle(name, now);
    } else if (age >= options_.deadline) {
        give_up(name, now);
    } else if (age >= options_.stale_after && !name.is_bridged && has_old_answer(name, now)) {
        name.is_bridged = true;
        tell_askers(name, in_need(name, now));
    }
}

void DnsResolver::Impl::tell_askers(Name& name, Answer const& answer) {
    while (!name.askers.empty()) {
        auto& asker = name.askers.front();
        name.askers.pop_front();
        tell(asker, answer);
    }
}

void DnsResolver::Impl::tell(Asker& asker, Answer answer) {
    asker.answer = std::move(answer);
    to_tell_.push_back(asker);
    turn_soon();
}

void DnsResolver::Impl::turn_soon() {
    if (!std::exchange(turns_soon_, true)) {
        loop_.post([weak = weak_from_this()] {
            if (auto const self = weak.lock()) {
                self->turn();
            }
        });
    }
}

void DnsResolver::Impl::turn() {
    turns_soon_ = false;
    if (stopped_) {
        return;
    }
    drop_finished();
    start_waiting(clock_.now().steady);
    Askers now;
    now.swap(to_tell_);
    while (!now.empty() && !stopped_) {
        auto& asker = now.front();
        now.pop_front();
        auto done = std::exchange(asker.done, nullptr);
        auto answer = *std::move(asker.answer);
        done(std::move(answer));
    }
}

void DnsResolver::Impl::drop_finished() {
    for (auto* const question : finished_) {
        questions_.erase(question);
    }
    finished_.clear();
}

DnsResolver::DnsResolver(Loop& loop, Clock const& clock, DnsOptions options)
    : impl_(std::make_shared<Impl>(loop, clock, std::move(options))) {}

DnsResolver::~DnsResolver() {
    impl_->stop();
}

std::unique_ptr<Resolver::Query> DnsResolver::resolve(std::string const& host, Done done) {
    return impl_->resolve(host, std::move(done));
}

bool DnsResolver::still_at(std::string const& host, asio::ip::address const& address) {
    return impl_->still_at(host, address);
}

std::size_t DnsResolver::names_known() const noexcept {
    return impl_->names_known();
}

}  // namespace muster
