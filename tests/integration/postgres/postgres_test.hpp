#pragma once

#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <muster/postgres/result_store.hpp>
#include <muster/testing/endless_checks.hpp>
#include <muster/testing/postgres_server.hpp>

namespace muster::testing {

/// One server for all tests of the process; it runs when a test begins.
inline PostgresServer& server() {
    static PostgresServer one;
    return one;
}

/// A database of its own.
class PostgresTest : public ::testing::Test {
public:
    [[nodiscard]] std::string url() const { return server().url(database); }
    [[nodiscard]] std::string ask(std::string const& sql) const {
        return server().ask(database, sql);
    }

    [[nodiscard]] std::unique_ptr<PostgresResultStore> open(PostgresResultStore::Options options) {
        auto opened = PostgresResultStore::open(std::move(options));
        EXPECT_TRUE(opened) << opened.error().message;
        return opened ? std::move(*opened) : nullptr;
    }
    [[nodiscard]] std::unique_ptr<PostgresResultStore> open() { return open({.url = url()}); }

    /// Feeds an endless journal up to a record, as a follower does: after each failure it asks for
    /// the cursor. The number of failures; it gives up after a thousand in a row.
    int feed(ResultStore& store, std::uint64_t up_to, std::uint64_t batch = 200) {
        int failures = 0;
        auto cursor = store.cursor("hub-main");
        for (int in_a_row = 0; in_a_row < 1'000;) {
            if (cursor && cursor->seq >= up_to) {
                return failures;
            }
            auto const taken = cursor ? store.append(checks_after(*cursor, batch))
                                      : tl::unexpected(cursor.error());
            if (taken) {
                cursor->journal_id = "endless";
                cursor->seq += batch;
                in_a_row = 0;
                continue;
            }
            EXPECT_NE(taken.error().code, Errc::invalid) << taken.error().message;
            EXPECT_NE(taken.error().code, Errc::internal) << taken.error().message;
            last_error = taken.error();
            ++failures;
            ++in_a_row;
            cursor = store.cursor("hub-main");
        }
        ADD_FAILURE() << "the store never came back: " << last_error.message;
        return failures;
    }

    /// Every record of the endless journal up to `last` is there once, and no other.
    void expect_each_once_up_to(std::uint64_t last) const {
        EXPECT_EQ(ask("SELECT count(*), count(DISTINCT recorded_at), max(recorded_at) ="
                      " timestamptz '2026-11-22 05:55:00+00' + 0.1 * " +
                      std::to_string(last) + " * interval '1 s' FROM health_checks"),
                  std::to_string(last) + "|" + std::to_string(last) + "|t");
    }

    std::string const database = server().make_database();
    Error last_error;
};

}  // namespace muster::testing
