#include <muster/redis/stream_reader_impl.hpp>

#include <algorithm>
#include <iterator>

namespace muster {

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
    if (exec.is(RedisReply::Kind::nothing)) {
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

}  // namespace muster
