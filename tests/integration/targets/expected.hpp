#pragma once

#include <string>
#include <vector>

#include <integration/http/probing_test.hpp>

namespace muster {

/// What a probe of a path has to see, every time.
struct Expected {
    std::string path;
    std::string error{};  ///< Empty: it passes.
    std::uint16_t status{200};
    BodyWord word{BodyWord::none};
    bool kept{false};  ///< The connection is kept for the next probe.
    std::string note{};
};

struct RealTarget : ProbingTest {
    /// Three times each, asking to keep the connection: what one answer leaves behind must not
    /// disturb the next.
    void expect_all(std::string const& base, std::vector<Expected> const& all) {
        for (auto const& expected : all) {
            auto const one = prepare(base + expected.path, true);
            for (int round = 0; round < 3; ++round) {
                auto const outcome = run(*one);
                EXPECT_EQ(outcome.verdict,
                          expected.error.empty() ? Verdict::passed : Verdict::failed)
                    << expected.path;
                EXPECT_EQ(outcome.error, expected.error) << expected.path;
                EXPECT_EQ(outcome.http_status, expected.status) << expected.path;
                EXPECT_EQ(outcome.word, expected.word) << expected.path;
                EXPECT_EQ(outcome.note, expected.note) << expected.path;
                EXPECT_EQ(outcome.connection,
                          expected.kept && round > 0 ? ConnectionUse::reused : ConnectionUse::fresh)
                    << expected.path << ", round " << round;
            }
            EXPECT_EQ(client.idle_connections(), expected.kept ? 1U : 0U) << expected.path;
        }
    }
};

}  // namespace muster
