#include <muster/redis/stream_reader_impl.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace muster {

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
        bool const readable = item.items.size() == 4 && item.items[3].is(RedisReply::Kind::integer);
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

}  // namespace muster
