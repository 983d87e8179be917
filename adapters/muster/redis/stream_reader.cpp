#include <muster/redis/stream_reader.hpp>

#include <algorithm>
#include <map>
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
    [[nodiscard]] Result<void> commit(std::vector<Snapshot> const& snapshots,
                                      std::vector<Dead> const& more);
    void resume(StreamLedger const& durable);

    [[nodiscard]] Result<RedisReply> ask(RedisCommands const& commands, Millis extra = Millis(0));
    [[nodiscard]] Result<void> connect();
    [[nodiscard]] Result<void> join_group();
    [[nodiscard]] Result<void> began_group();
    [[nodiscard]] Result<StreamFacts> facts();
    [[nodiscard]] Result<std::vector<StreamEntry>> deliver(std::string const& from, bool waits);
    [[nodiscard]] Result<std::map<StreamId, std::int64_t>> deliveries(
        std::vector<StreamEntry> const& entries);
    [[nodiscard]] Result<Batch> read_pending();
    [[nodiscard]] Result<Batch> read_new();
    [[nodiscard]] Result<Batch> settle();
    [[nodiscard]] Batch hold(Batch batch, std::vector<StreamId> acknowledged);
    [[nodiscard]] Result<void> dead_can_be_put_aside() const;
    void add_dead(RedisCommands& commands, Dead const& dead) const;
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
    StreamLedger ledger;

    std::unique_ptr<RedisConnection> connection;
    bool joined{false};
    bool begun{false};   ///< The ledger began a stream, which is not committed.
    bool pending{true};  ///< What was delivered before is still to be read.
    StreamId pending_after{};

    struct Held {
        std::vector<StreamId> ids;
        std::vector<Dead> dead;
        StreamLedger after;
    };
    std::optional<Held> held;  ///< The batch that is to be committed.
};

Result<RedisReply> RedisStreamReader::Impl::ask(RedisCommands const& commands, Millis extra) {
    auto replies = connection->ask(commands, extra);
    if (!replies) {
        drop();
        return tl::unexpected(std::move(replies.error()));
    }
    return std::move(replies->back());
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
    RedisCommands commands;
    auto const from = to_text(ledger.last);
    commands.add({"XGROUP", "CREATE", options.stream, options.group, from, "MKSTREAM"});
    auto const reply = ask(commands);
    if (!reply) {
        return tl::unexpected(reply.error());
    }
    bool const was_there = reply->is(Kind::error) && reply->text.rfind("BUSYGROUP", 0) == 0;
    if (!was_there) {
        if (auto error = error_of(*reply, "a group for " + options.stream)) {
            return tl::unexpected(*std::move(error));
        }
        if (auto made = began_group(); !made) {
            return made;
        }
    }
    joined = true;
    return {};
}

/// The group was made anew: for a first life, or since it was gone, perhaps with the stream.
Result<void> RedisStreamReader::Impl::began_group() {
    auto const now = facts();
    if (!now) {
        return tl::unexpected(now.error());
    }
    if (ledger == StreamLedger{}) {
        ledger.begin(*now);
        begun = true;
        return {};
    }
    bool const another = !ledger.base || now->added < *ledger.base + ledger.accounted;
    if (!another) {
        log.write(LogLevel::warn, "redis",
                  options.stream + " had lost the group " + options.group +
                      ": made it again where it stood");
        return {};
    }
    log.write(LogLevel::error, "redis",
              options.stream + " was gone and begins anew: what it held unread is lost");
    ledger.begin(*now);
    ++ledger.recreated;
    begun = true;
    RedisCommands commands;
    commands.add({"XGROUP", "SETID", options.stream, options.group, kFromStart});
    auto const reply = ask(commands);
    if (!reply) {
        return tl::unexpected(reply.error());
    }
    auto error = error_of(*reply, "the group of " + options.stream);
    return error ? Result<void>(tl::unexpected(*std::move(error))) : Result<void>();
}

Result<std::vector<StreamEntry>> RedisStreamReader::Impl::deliver(std::string const& from,
                                                                  bool waits) {
    auto const count = std::to_string(options.max_entries);
    auto const wait = std::to_string(options.wait.count());
    RedisCommands commands;
    if (waits) {
        commands.add({"XREADGROUP", "GROUP", options.group, options.consumer, "COUNT", count,
                      "BLOCK", wait, "STREAMS", options.stream, from});
    } else {
        commands.add({"XREADGROUP", "GROUP", options.group, options.consumer, "COUNT", count,
                      "STREAMS", options.stream, from});
    }
    auto const reply = ask(commands, waits ? options.wait : Millis(0));
    if (!reply) {
        return tl::unexpected(reply.error());
    }
    auto entries = read_entries(*reply);
    if (!entries && entries.error().code == Errc::not_found) {
        lost_group();
        entries.error().code = Errc::unavailable;  // the next read makes it again
    } else if (!entries && is_of_the_wrong_server(*reply)) {
        drop();
    }
    return entries;
}

/// How often each of the entries was delivered to this consumer.
Result<std::map<StreamId, std::int64_t>> RedisStreamReader::Impl::deliveries(
    std::vector<StreamEntry> const& entries) {
    std::map<StreamId, std::int64_t> counts;
    RedisCommands commands;
    commands.add({"XPENDING", options.stream, options.group, to_text(entries.front().id),
                  to_text(entries.back().id), std::to_string(entries.size()), options.consumer});
    auto const reply = ask(commands);
    if (!reply) {
        return tl::unexpected(reply.error());
    }
    if (auto error = error_of(*reply, "to tell what is pending in " + options.stream)) {
        return tl::unexpected(*std::move(error));
    }
    for (auto const& item : reply->items) {
        bool const readable = item.items.size() == 4 && item.items[3].is(Kind::integer);
        auto const id = readable ? parse_stream_id(item.items[0].text) : std::nullopt;
        if (id) {
            counts.emplace(*id, item.items[3].integer);
        }
    }
    return counts;
}

RedisStreamReader::Batch RedisStreamReader::Impl::hold(Batch batch,
                                                       std::vector<StreamId> acknowledged) {
    batch.changed = begun || !acknowledged.empty() || batch.after != ledger;
    if (batch.changed) {
        held = Held{std::move(acknowledged), batch.dead, batch.after};
    }
    return batch;
}

/// What was delivered in an earlier life, or before the connection was lost.
Result<RedisStreamReader::Batch> RedisStreamReader::Impl::read_pending() {
    auto entries = deliver(to_text(pending_after), false);
    if (!entries) {
        return tl::unexpected(std::move(entries.error()));
    }
    Batch batch;
    batch.after = ledger;
    if (entries->empty()) {
        pending = false;
        return batch;
    }
    auto const counts = deliveries(*entries);
    if (!counts) {
        return tl::unexpected(counts.error());
    }
    std::vector<StreamId> ids;
    for (auto& entry : *entries) {
        pending_after = entry.id;
        ids.push_back(entry.id);
        if (entry.id <= ledger.last) {
            continue;  // it had its effect; only the acknowledgement is missing
        }
        if (entry.gone) {
            batch.after.add_gone(entry.id);
            continue;
        }
        batch.after.add_read(entry.id);
        auto const found = counts->find(entry.id);
        auto const times = found == counts->end() ? 0 : found->second;
        if (times > options.most_deliveries) {
            batch.dead.push_back({std::move(entry), "delivered " + std::to_string(times) +
                                                        " times and never committed"});
        } else {
            batch.entries.push_back(std::move(entry));
        }
    }
    return hold(std::move(batch), std::move(ids));
}

Result<RedisStreamReader::Batch> RedisStreamReader::Impl::read_new() {
    auto entries = deliver(">", true);
    if (!entries) {
        return tl::unexpected(std::move(entries.error()));
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
    return hold(std::move(batch), std::move(ids));
}

/// Nothing came. What was added and never seen was trimmed.
Result<RedisStreamReader::Batch> RedisStreamReader::Impl::settle() {
    Batch batch;
    batch.after = ledger;
    auto const now = facts();
    if (!now) {
        return tl::unexpected(now.error());
    }
    if (now->newest && *now->newest > ledger.last) {
        return hold(std::move(batch), {});  // something has come since: not all was read
    }
    auto const lost = batch.after.settle(*now);
    if (!lost) {
        // It must be another stream under the same name and group: as if the group were gone.
        batch.after.begin(*now);
        ++batch.after.recreated;
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

Result<void> RedisStreamReader::Impl::dead_can_be_put_aside() const {
    RedisCommands commands;
    commands.add({"TYPE", dead_stream()});
    auto const replies = connection->ask(commands);
    if (!replies) {
        return tl::unexpected(replies.error());
    }
    auto const& type = replies->front();
    if (type.is_text("none") || type.is_text("stream")) {
        return {};
    }
    return failure(Errc::unavailable, "the key " + dead_stream() +
                                          " is no stream: rename or delete it, unreadable entries "
                                          "are put aside there");
}

Result<void> RedisStreamReader::Impl::commit(std::vector<Snapshot> const& snapshots,
                                             std::vector<Dead> const& more) {
    if (!held) {
        return failure(Errc::conflict, "there is no batch to commit");
    }
    if (auto connected = connect(); !connected) {
        return connected;
    }
    // Of a transaction Redis carries out what it can: this must not be found out within it.
    if (!held->dead.empty() || !more.empty()) {
        if (auto can = dead_can_be_put_aside(); !can) {
            return can;
        }
    }
    RedisCommands commands;
    commands.add({"MULTI"});
    for (auto const& snapshot : snapshots) {
        commands.add({"SET", snapshot.key, snapshot.value});
    }
    for (auto const* list : {&std::as_const(held->dead), &more}) {
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
    auto const all = commands.bytes().size();
    auto const replies = connection->ask(commands);
    if (!replies) {
        bool const may_have_happened = connection->sent() >= all;
        drop();
        return failure(may_have_happened ? Errc::in_doubt : Errc::unavailable,
                       replies.error().message);
    }
    for (auto const& reply : *replies) {
        if (auto error = error_of(reply, "to commit what was read of " + options.stream)) {
            if (is_of_the_wrong_server(reply)) {
                drop();
            }
            return tl::unexpected(*std::move(error));
        }
    }
    ledger = held->after;
    begun = false;
    held.reset();
    return {};
}

void RedisStreamReader::Impl::resume(StreamLedger const& durable) {
    held.reset();
    begun = false;
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

Result<void> RedisStreamReader::commit(std::vector<Snapshot> const& snapshots,
                                       std::vector<Dead> const& more) {
    return impl_->commit(snapshots, more);
}

void RedisStreamReader::resume(StreamLedger const& durable) {
    impl_->resume(durable);
}

StreamLedger const& RedisStreamReader::ledger() const noexcept {
    return impl_->ledger;
}

}  // namespace muster
