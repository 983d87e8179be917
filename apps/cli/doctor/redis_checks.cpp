#include <cli/doctor/redis_checks.hpp>

#include <memory>
#include <string>
#include <utility>

#include <muster/redis/redis_connection.hpp>
#include <muster/redis/server_facts.hpp>

namespace muster {
namespace {

constexpr char const* kRedisPart = "redis";

void fail(std::string what, Report const& report) {
    report({kRedisPart, Finding::failure, std::move(what),
            "the hub waits for it and goes on monitoring meanwhile (docs/events.md)"});
}

}  // namespace

void check_redis(RedisAddress const& address, Clock const& clock, Report const& report) {
    RedisConnection::Options options;
    options.address = address;
    options.name = "muster-doctor";
    auto const connection = RedisConnection::open(std::move(options), clock);
    if (!connection) {
        fail(connection.error().message, report);
        return;
    }
    RedisCommands commands;
    commands.add({"INFO"}).add({"SET", "muster:doctor", "asks", "PX", "1000"});
    commands.add({"TYPE", "muster:health"});
    auto const replies = (*connection)->ask(commands);
    if (!replies) {
        fail(replies.error().message, report);
        return;
    }
    if (auto const error = error_of((*replies)[1], "to write at " + to_text(address))) {
        fail(error->message, report);
        return;
    }
    auto const& type = (*replies)[2];
    if (auto const error = error_of(type, "to tell what muster:health is")) {
        fail(error->message, report);
        return;
    }
    if (!type.is_text("none") && !type.is_text("stream")) {
        report({kRedisPart, Finding::failure, "the key muster:health is no stream",
                "rename or delete it: it is somebody else's"});
        return;
    }
    for (auto const& warning : warnings_about((*replies)[0].text)) {
        report({kRedisPart, Finding::warning, warning, {}});
    }
    report({kRedisPart, Finding::ok, to_text(address) + " answers and takes what is written", {}});
}

}  // namespace muster
