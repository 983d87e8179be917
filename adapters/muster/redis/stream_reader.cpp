#include <muster/redis/stream_reader.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include <muster/redis/redis_connection.hpp>

namespace muster {
namespace {

using Kind = RedisReply::Kind;

constexpr std::string_view kFromStart = "0";

}  // namespace

struct RedisStreamReader::Impl {
    Impl(Options reader_options, StreamLedger const& durable, Clock const& reader_clock,
         Log& reader_log)
        : options(std::move(reader_options)),
          clock(reader_clock),
          log(reader_log),
          ledger(durable) {}

    [[nodiscard]] Result<Batch> read();
    [[nodiscard]] Result<void> commit(Commit const& commit);
    void resume(StreamLedger const& durable);

    /// An entry that was delivered, and to how many lives, once it is given to this one too.
    struct Pending {
        StreamId id;
        std::int64_t lives{0};
    };

    [[nodiscard]] Result<std::vector<RedisReply>> ask_all(RedisCommands const& commands,
                                                          Millis extra = Millis(0));
    [[nodiscard]] Result<RedisReply> ask(RedisCommands const& commands, Millis extra = Millis(0));
    [[nodiscard]] Error refused(RedisReply const& reply, Error error);
    [[nodiscard]] Result<void> connect();
    [[nodiscard]] Result<StreamFacts> facts();
    [[nodiscard]] Result<void> join_group();
    void begin(StreamFacts const& facts, bool anew);
    [[nodiscard]] Result<std::vector<Pending>> list_pending();
    [[nodiscard]] std::vector<Pending> next_of(std::vector<Pending> const& listed) const;
    [[nodiscard]] Result<Batch> read_pending();
    [[nodiscard]] Result<Batch> claim(std::vector<Pending> const& wanted);
    [[nodiscard]] Result<Batch> read_new();
    [[nodiscard]] Result<Batch> settle();
    [[nodiscard]] Batch hold(Batch batch, std::vector<StreamId> acknowledged);
    [[nodiscard]] Result<void> may_commit(Commit const& commit);
    [[nodiscard]] RedisCommands transaction(Commit const& commit) const;
    [[nodiscard]] Result<void> judge(std::vector<RedisReply> const& replies);
    void add_dead(RedisCommands& commands, Dead const& dead) const;
    [[nodiscard]] bool is_suspect(Pending const& entry) const noexcept {
        return entry.id > ledger.last && entry.lives > options.most_deliveries;
    }
    [[nodiscard]] bool is_doomed(Pending const& entry) const noexcept {
        return is_suspect(entry) && entry.lives > 2 * std::int64_t{options.most_deliveries};
    }
    [[nodiscard]] std::string dead_stream() const { return options.stream + ":dead"; }

    /// The group is gone, with the stream or by somebody's hand.
    void lost_group() noexcept {
        joined = false;
        pending = true;
        pending_after = {};
    }
    void drop() noexcept {
        connection.reset();
        lost_group();
    }

    Options const options;
    Clock const& clock;
    Log& log;
    StreamLedger ledger;                ///< As committed.
    std::optional<StreamLedger> begun;  ///< Where it began a stream, which is not committed.
    StreamId given{};                   ///< Up to here this life was given what is delivered.

    std::unique_ptr<RedisConnection> connection;
    bool joined{false};
    bool pending{true};  ///< What was delivered before is still to be read.
    StreamId pending_after{};

    struct Held {
        std::vector<StreamId> ids;
        std::vector<Dead> dead;
        StreamLedger after;
    };
    std::optional<Held> held;  ///< The batch that is to be committed.
};

Result<std::vector<RedisReply>> RedisStreamReader::Impl::ask_all(RedisCommands const& commands,
                                                                 Millis extra) {
    auto replies = connection->ask(commands, extra);
    if (!replies) {
        drop();
    }
    return replies;
}

Result<RedisReply> RedisStreamReader::Impl::ask(RedisCommands const& commands, Millis extra) {
    auto replies = ask_all(commands, extra);
    return replies ? Result<RedisReply>(std::move(replies->back()))
                   : tl::unexpected(std::move(replies.error()));
}

/// What the server refuses, and what that means for the next read.
Error RedisStreamReader::Impl::refused(RedisReply const& reply, Error error) {
    if (error.code == Errc::not_found) {
        lost_group();
        error.code = Errc::unavailable;  // the next read makes it again
    } else if (is_of_the_wrong_server(reply)) {
        drop();
    }
    return error;
}

Result<void> RedisStreamReader::Impl::connect() {
    if (connection && connection->is_stale()) {
        drop();
    }
    if (connection) {
        return {};
    }
    RedisConnection::Options wanted;
    wanted.address = options.address;
    wanted.name = "muster-" + options.group;
    wanted.connect_within = options.connect_within;
    wanted.answer_within = options.answer_within;
    auto opened = RedisConnection::open(std::move(wanted), clock);
    if (!opened) {
        return tl::unexpected(std::move(opened.error()));
    }
    connection = std::move(*opened);
    lost_group();
    return {};
}

Result<StreamFacts> RedisStreamReader::Impl::facts() {
    RedisCommands commands;
    commands.add({"XINFO", "STREAM", options.stream});
    auto const reply = ask(commands);
    return reply ? read_stream_facts(*reply) : tl::unexpected(reply.error());
}

Result<void> RedisStreamReader::Impl::join_group() {
    auto now = facts();
    if (!now && now.error().code == Errc::not_found) {
        now = StreamFacts{};
    }
    if (!now) {
        return tl::unexpected(now.error());
    }
    bool const first = ledger == StreamLedger{};
    bool const anew = !first && ledger.is_another_stream(*now);
    auto const from = first || anew ? std::string(kFromStart) : to_text(ledger.last);
    RedisCommands commands;
    commands.add({"XGROUP", "CREATE", options.stream, options.group, from, "MKSTREAM"});
    auto const reply = ask(commands);
    if (!reply) {
        return tl::unexpected(reply.error());
    }
    joined = reply->is(Kind::error) && reply->text.rfind("BUSYGROUP", 0) == 0;
    if (joined) {
        return {};
    }
    if (auto error = error_of(*reply, "a group for " + options.stream)) {
        return tl::unexpected(refused(*reply, *std::move(error)));
    }
    joined = true;
    if (first || anew) {
        begin(*now, anew);
    } else {
        log.write(LogLevel::warn, "redis",
                  options.stream + " had lost the group " + options.group +
                      ": made it again where it stood");
    }
    return {};
}

/// The group was made at the stream's start.
void RedisStreamReader::Impl::begin(StreamFacts const& facts, bool anew) {
    begun = ledger;
    begun->begin(facts);
    if (anew) {
        ++begun->recreated;
        log.write(LogLevel::error, "redis",
                  options.stream + " was gone and begins anew: what it held unread is lost");
    }
}

/// What was delivered to this consumer and not acknowledged, behind what was listed before.
Result<std::vector<RedisStreamReader::Impl::Pending>> RedisStreamReader::Impl::list_pending() {
    RedisCommands commands;
    auto const after = "(" + to_text(pending_after);
    commands.add({"XPENDING", options.stream, options.group, after, "+",
                  std::to_string(options.max_entries), options.consumer});
    auto const reply = ask(commands);
    if (!reply) {
        return tl::unexpected(reply.error());
    }
    if (auto error = error_of(*reply, "to tell what is pending in " + options.stream)) {
        return tl::unexpected(refused(*reply, *std::move(error)));
    }
    std::vector<Pending> listed;
    for (auto const& item : reply->items) {
        bool const readable = item.items.size() == 4 && item.items[3].is(Kind::integer);
        auto const id = readable ? parse_stream_id(item.items[0].text) : std::nullopt;
        if (!id) {
            return failure(Errc::corrupt, "Redis answers what is no list of pending entries");
        }
        listed.push_back({*id, item.items[3].integer + (*id > given ? 1 : 0)});
    }
    return listed;
}

/// As many as go into one batch: an entry that may kill its readers is alone in its own.
std::vector<RedisStreamReader::Impl::Pending> RedisStreamReader::Impl::next_of(
    std::vector<Pending> const& listed) const {
    std::vector<Pending> next;
    for (auto const& entry : listed) {
        bool const alone = is_suspect(entry) && !is_doomed(entry);
        if (alone && !next.empty()) {
            break;
        }
        next.push_back(entry);
        if (alone) {
            break;
        }
    }
    return next;
}

RedisStreamReader::Batch RedisStreamReader::Impl::hold(Batch batch,
                                                       std::vector<StreamId> acknowledged) {
    batch.changed = !acknowledged.empty() || batch.after != ledger;
    if (batch.changed) {
        held = Held{std::move(acknowledged), batch.dead, batch.after};
    }
    return batch;
}

/// What was delivered in an earlier life, or before the connection was lost.
Result<RedisStreamReader::Batch> RedisStreamReader::Impl::read_pending() {
    auto const listed = list_pending();
    if (!listed) {
        return tl::unexpected(listed.error());
    }
    if (listed->empty()) {
        pending = false;
        Batch nothing;
        nothing.after = ledger;
        return nothing;
    }
    return claim(next_of(*listed));
}

/// Not by XREADGROUP, which would count each repetition in this life as a delivery.
Result<RedisStreamReader::Batch> RedisStreamReader::Impl::claim(
    std::vector<Pending> const& wanted) {
    RedisCommands commands;
    for (auto const& entry : wanted) {
        commands.add({"XCLAIM", options.stream, options.group, options.consumer, "0",
                      to_text(entry.id), "RETRYCOUNT", std::to_string(entry.lives)});
    }
    // Should the answer be lost: better counted once too few than at each repetition.
    given = std::max(given, wanted.back().id);
    auto const replies = ask_all(commands);
    if (!replies) {
        return tl::unexpected(replies.error());
    }
    Batch batch;
    batch.after = ledger;
    std::vector<StreamId> ids;
    for (std::size_t at = 0; at < wanted.size(); ++at) {
        auto const& one = wanted[at];
        auto claimed = read_claimed((*replies)[at]);
        if (!claimed) {
            return tl::unexpected(refused((*replies)[at], std::move(claimed.error())));
        }
        ids.push_back(one.id);
        if (one.id <= ledger.last) {
            continue;  // it had its effect; only the acknowledgement is missing
        }
        if (claimed->empty()) {
            batch.after.add_gone(one.id);
            continue;
        }
        batch.after.add_read(one.id);
        if (is_doomed(one)) {
            batch.dead.push_back(
                {std::move(claimed->front()),
                 "delivered " + std::to_string(one.lives) + " times and never committed"});
        } else {
            batch.entries.push_back(std::move(claimed->front()));
        }
    }
    pending_after = wanted.back().id;
    return hold(std::move(batch), std::move(ids));
}

Result<RedisStreamReader::Batch> RedisStreamReader::Impl::read_new() {
    auto const wait = std::to_string(options.wait.count());
    RedisCommands commands;
    commands.add({"XREADGROUP", "GROUP", options.group, options.consumer, "COUNT",
                  std::to_string(options.max_entries), "BLOCK", wait, "STREAMS", options.stream,
                  ">"});
    auto const reply = ask(commands, options.wait);
    if (!reply) {
        return tl::unexpected(reply.error());
    }
    auto entries = read_entries(*reply);
    if (!entries) {
        return tl::unexpected(refused(*reply, std::move(entries.error())));
    }
    if (entries->empty()) {
        return settle();
    }
    Batch batch;
    batch.after = ledger;
    std::vector<StreamId> ids;
    for (auto& entry : *entries) {
        ids.push_back(entry.id);
        batch.after.add_read(entry.id);
        batch.entries.push_back(std::move(entry));
    }
    given = std::max(given, ids.back());
    return hold(std::move(batch), std::move(ids));
}

/// Nothing came. What was added and never seen was trimmed.
Result<RedisStreamReader::Batch> RedisStreamReader::Impl::settle() {
    Batch batch;
    batch.after = ledger;
    auto const now = facts();
    if (!now && now.error().code == Errc::not_found) {
        lost_group();
        return failure(Errc::unavailable, options.stream + " is gone");
    }
    if (!now) {
        return tl::unexpected(now.error());
    }
    if (now->newest && *now->newest > ledger.last) {
        return hold(std::move(batch), {});  // something has come since: not all was read
    }
    auto const lost = batch.after.settle(*now);
    if (!lost) {
        log.write(LogLevel::error, "redis", options.stream + " is another stream than before");
    } else if (*lost > 0) {
        log.write(LogLevel::error, "redis",
                  std::to_string(*lost) + " entries of " + options.stream +
                      " were trimmed before they were read");
    }
    return hold(std::move(batch), {});
}

Result<RedisStreamReader::Batch> RedisStreamReader::Impl::read() {
    if (held) {
        return failure(Errc::conflict, "the batch before this one was not committed");
    }
    if (auto connected = connect(); !connected) {
        return tl::unexpected(std::move(connected.error()));
    }
    if (!joined) {
        if (auto done = join_group(); !done) {
            return tl::unexpected(std::move(done.error()));
        }
    }
    if (begun) {
        // First of all, else a reader that dies in its first batch never knows where it began.
        Batch batch;
        batch.after = *begun;
        return hold(std::move(batch), {});
    }
    if (pending) {
        auto batch = read_pending();
        if (!batch || pending) {
            return batch;
        }
    }
    return read_new();
}

void RedisStreamReader::Impl::add_dead(RedisCommands& commands, Dead const& dead) const {
    auto const stream = dead_stream();
    auto const id = to_text(dead.entry.id);
    std::vector<std::string_view> words{"XADD", stream, "MAXLEN", "~", "10000", "*"};
    for (auto const& [name, value] : dead.entry.fields) {
        words.insert(words.end(), {name, value});
    }
    words.insert(words.end(), {"reason", dead.reason, "entry", id});
    commands.add(words);
}

/// What is to be known before: of a transaction Redis carries out what it can.
Result<void> RedisStreamReader::Impl::may_commit(Commit const& commit) {
    bool const puts_aside = !held->dead.empty() || !commit.dead.empty();
    if (!puts_aside && !commit.fence) {
        return {};
    }
    RedisCommands commands;
    commands.add({"UNWATCH"}).add({"TYPE", dead_stream()});
    if (commit.fence) {
        commands.add({"WATCH", commit.fence->key}).add({"GET", commit.fence->key});
    }
    auto const replies = ask_all(commands);
    if (!replies) {
        return tl::unexpected(replies.error());
    }
    for (auto const& reply : *replies) {
        if (auto error = error_of(reply, "to look before the commit of " + options.stream)) {
            return tl::unexpected(refused(reply, *std::move(error)));
        }
    }
    auto const& type = (*replies)[1];
    if (puts_aside && !type.is_text("none") && !type.is_text("stream")) {
        return failure(Errc::unavailable, "the key " + dead_stream() +
                                              " is no stream: rename or delete it, unreadable "
                                              "entries are put aside there");
    }
    if (commit.fence && !replies->back().is_text(commit.fence->value)) {
        return failure(Errc::conflict, commit.fence->key + " is not ours");
    }
    return {};
}

RedisCommands RedisStreamReader::Impl::transaction(Commit const& commit) const {
    RedisCommands commands;
    commands.add({"MULTI"}).add(commit.effects);
    for (auto const* list : {&held->dead, &commit.dead}) {
        for (auto const& dead : *list) {
            add_dead(commands, dead);
        }
    }
    if (!held->ids.empty()) {
        std::vector<std::string> ids;
        std::transform(held->ids.begin(), held->ids.end(), std::back_inserter(ids),
                       [](StreamId id) { return to_text(id); });
        std::vector<std::string_view> words{"XACK", options.stream, options.group};
        words.insert(words.end(), ids.begin(), ids.end());
        commands.add(words);
    }
    commands.add({"EXEC"});
    return commands;
}

Result<void> RedisStreamReader::Impl::judge(std::vector<RedisReply> const& replies) {
    auto const doing = "to commit what was read of " + options.stream;
    for (auto const& reply : replies) {
        if (auto error = error_of(reply, doing)) {
            return tl::unexpected(refused(reply, *std::move(error)));
        }
    }
    auto const& exec = replies.back();
    if (exec.is(Kind::nothing)) {
        return failure(Errc::conflict, "what was watched has changed: refused " + doing);
    }
    for (auto const& item : exec.items) {
        if (auto error = error_of(item, doing)) {
            return failure(Errc::corrupt, error->message + "; the rest was carried out");
        }
    }
    return {};
}

Result<void> RedisStreamReader::Impl::commit(Commit const& commit) {
    if (!held) {
        return failure(Errc::conflict, "there is no batch to commit");
    }
    if (auto connected = connect(); !connected) {
        return connected;
    }
    if (auto may = may_commit(commit); !may) {
        return may;
    }
    auto const commands = transaction(commit);
    auto const replies = connection->ask(commands);
    if (!replies) {
        bool const may_have_happened = connection->sent() >= commands.bytes().size();
        drop();
        return failure(may_have_happened ? Errc::in_doubt : Errc::unavailable,
                       replies.error().message);
    }
    if (auto done = judge(*replies); !done) {
        return done;
    }
    ledger = held->after;
    begun.reset();
    held.reset();
    return {};
}

void RedisStreamReader::Impl::resume(StreamLedger const& durable) {
    held.reset();
    if (durable != ledger) {
        begun.reset();
    }
    ledger = durable;
    pending = true;
    pending_after = {};
}

RedisStreamReader::RedisStreamReader(Options options, StreamLedger const& durable,
                                     Clock const& clock, Log& log)
    : impl_(std::make_unique<Impl>(std::move(options), durable, clock, log)) {}

RedisStreamReader::~RedisStreamReader() = default;

Result<RedisStreamReader::Batch> RedisStreamReader::read() {
    return impl_->read();
}

Result<void> RedisStreamReader::commit(Commit const& commit) {
    return impl_->commit(commit);
}

void RedisStreamReader::resume(StreamLedger const& durable) {
    impl_->resume(durable);
}

StreamLedger const& RedisStreamReader::ledger() const noexcept {
    return impl_->ledger;
}

}  // namespace muster
