#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/domain/redis_address.hpp>
#include <muster/redis/redis_connection.hpp>
#include <muster/redis/redis_event_bus.hpp>
#include <muster/redis/stream_entry.hpp>
#include <muster/runtime/system_clock.hpp>
#include <muster/testing/redis_server.hpp>
#include <muster/testing/shared_log.hpp>

namespace muster::testing {

/// A Redis, and one who looks into it beside the code under test.
class RedisTest : public ::testing::Test {
protected:
    explicit RedisTest(RedisServer::Options options = {}) : server_(std::move(options)) {}

    [[nodiscard]] RedisAddress address() const { return parse_redis_url(server_.url()).value(); }

    /// What Redis answers, asked over a connection of its own.
    RedisReply ask(std::initializer_list<std::string_view> words) {
        return ask(RedisCommands().add(words));
    }

    /// What it answers to the first of them.
    RedisReply ask(RedisCommands const& commands) {
        RedisConnection::Options options;
        options.address = address();
        auto const connection = RedisConnection::open(std::move(options), clock_);
        if (!connection) {
            ADD_FAILURE() << connection.error().message;
            return {};
        }
        auto const replies = (*connection)->ask(commands);
        if (!replies) {
            ADD_FAILURE() << replies.error().message;
            return {};
        }
        return replies->front();
    }

    RedisEventBus::Options bus_options() const {
        RedisEventBus::Options options;
        options.address = address();
        options.owner = "journal";
        return options;
    }

    /// The values of all entries of a stream, oldest first.
    std::vector<std::string> entries_in(std::string_view stream) {
        std::vector<std::string> values;
        for (auto const& entry : ask({"XRANGE", stream, "-", "+"}).items) {
            values.push_back(entry.items.at(1).items.at(1).text);
        }
        return values;
    }

    /// Asks again and again until it is so; false after 20 s.
    template <class Condition>
    [[nodiscard]] bool comes_true(Condition condition) {
        auto const deadline = clock_.now().steady + std::chrono::seconds(20);
        while (!condition()) {
            if (clock_.now().steady > deadline) {
                return false;
            }
        }
        return true;
    }

    /// Entries `n` FROM to TO for the stream `events`.
    void add(std::uint64_t from, std::uint64_t to) {
        RedisCommands commands;
        for (auto number = from; number <= to; ++number) {
            commands.add({"XADD", "events", "*", "n", std::to_string(number)});
        }
        (void)ask(commands);
    }

    /// A stream that begins anew in the same millisecond has the same ids again.
    void wait_for_a_later_id(StreamId last) {
        EXPECT_TRUE(comes_true([&] {
            auto const time = ask({"TIME"});  // seconds, microseconds
            return std::stoull(time.items.at(0).text) * 1'000 +
                       std::stoull(time.items.at(1).text) / 1'000 >
                   last.millis;
        }));
    }

    RedisServer server_;
    SystemClock const clock_;
    SharedLog log_;
};

using Texts = std::vector<std::string>;

/// Everything from `from` up to `to`, an entry and a message each.
inline BusBatch batch(std::uint64_t from, std::uint64_t to) {
    BusBatch result{"hub-main", {"journal", from - 1}, {"journal", to}, {}, {}};
    for (auto number = from; number <= to; ++number) {
        result.messages.push_back({"hub.hub-main.health.a.b", std::to_string(number)});
        result.entries.push_back({"muster:health", "batch", std::to_string(number)});
    }
    return result;
}

}  // namespace muster::testing
