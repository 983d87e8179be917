#include <muster/redis/stream_reader_impl.hpp>

#include <optional>
#include <utility>

namespace muster {
namespace {

using Kind = RedisReply::Kind;

constexpr std::string_view kFromStart = "0";

}  // namespace

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
        if ((first || anew) && !begun) {
            auto const untouched = stands_at_the_start();
            if (!untouched) {
                return tl::unexpected(untouched.error());
            }
            if (*untouched) {
                begin(*now, anew);
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
    auto const place = read_group_place(*reply, options.group);
    if (!place) {
        return tl::unexpected(refused(*reply, place.error()));
    }
    return *place == StreamId{};
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
