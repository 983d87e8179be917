#include <muster/redis/stream_reader_impl.hpp>

#include <optional>
#include <utility>

namespace muster {
namespace {

using Kind = RedisReply::Kind;

constexpr std::string_view kFromStart = "0";

}  // namespace

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
    if (reply->is(Kind::error) && reply->text.rfind("BUSYGROUP", 0) == 0) {
        if (first) {
            auto const untouched = stands_at_the_start();
            if (!untouched) {
                return tl::unexpected(untouched.error());
            }
            if (*untouched) {
                begin(*now, false);
            }
        }
        joined = true;
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

/// Nothing was ever given to the group: whoever made it has not begun to count, as a reader that
/// ended before its first commit.
Result<bool> RedisStreamReader::Impl::stands_at_the_start() {
    RedisCommands commands;
    commands.add({"XINFO", "GROUPS", options.stream});
    auto const reply = ask(commands);
    if (!reply) {
        return tl::unexpected(reply.error());
    }
    auto const given_last = read_group_place(*reply, options.group);
    if (!given_last) {
        return tl::unexpected(refused(*reply, given_last.error()));
    }
    return *given_last == StreamId{};
}

/// The group stands at the stream's start.
void RedisStreamReader::Impl::begin(StreamFacts const& facts, bool anew) {
    begun = ledger;
    begun->begin(facts);
    if (anew) {
        ++begun->recreated;
        log.write(LogLevel::error, "redis",
                  options.stream + " was gone and begins anew: what it held unread is lost");
    }
}

}  // namespace muster
