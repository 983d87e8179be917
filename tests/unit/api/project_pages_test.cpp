#include <muster/api/project_pages.hpp>

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>
#include <unit/api/page_stub.hpp>

namespace muster {
namespace {

using Answer = std::optional<Result<SharedText>>;

class ProjectPagesTest : public ::testing::Test {
protected:
    ProjectPages::Done into(Answer& answer) {
        return [&answer](Result<SharedText> page) {
            EXPECT_FALSE(answer) << "answered twice";
            answer = std::move(page);
        };
    }
    void ask(std::string const& path, Answer& answer, std::int64_t project = 1) {
        pages_.ask(ProjectId{project}, parse_url("http://host" + path).value(), into(answer));
    }

    SimulatedLoop loop_;
    PageStub source_;
    ProjectPages pages_{source_, loop_, {.at_once = 3, .of_one_project = 2, .kept = 3}};
};

TEST_F(ProjectPagesTest, IsFetchedOnceForAllWhoAskMeanwhile) {
    Answer first;
    Answer second;
    ask("/status", first);
    ask("/status", second);
    ASSERT_EQ(source_.asked.size(), 1U);
    EXPECT_EQ(source_.asked[0].timeout, 5s);
    source_.answer(0, std::string("{}"));
    ASSERT_TRUE(first && second);
    EXPECT_EQ(**first, **second) << "one text for both";
    EXPECT_EQ(***first, "{}");
}

TEST_F(ProjectPagesTest, IsKeptForASecondAndFailuresAlike) {
    Answer first;
    ask("/status", first);
    source_.answer(0, failure(Errc::timed_out, "timed out after 5000 ms"));
    EXPECT_EQ(first->error().code, Errc::timed_out);
    loop_.run_for(999ms);
    Answer second;
    ask("/status", second);
    ASSERT_TRUE(second) << "at once";
    EXPECT_EQ(second->error().message, "timed out after 5000 ms");
    loop_.run_for(1ms);
    Answer third;
    ask("/status", third);
    EXPECT_FALSE(third);
    EXPECT_EQ(source_.asked.size(), 2U);
}

TEST_F(ProjectPagesTest, RefusesMoreThanItMayFetchAtOnce) {
    Answer answers[4];
    ask("/a", answers[0], 1);
    ask("/b", answers[1], 2);
    ask("/c", answers[2], 3);
    ask("/d", answers[3], 4);
    ASSERT_TRUE(answers[3]);
    EXPECT_EQ(answers[3]->error().code, Errc::full);
    source_.answer(0, std::string("a"));
    Answer again;
    ask("/d", again, 4);
    EXPECT_FALSE(again) << "there is room again";
}

TEST_F(ProjectPagesTest, LeavesToOthersWhatOneProjectMayNotTake) {
    Answer hanging[3];
    ask("/logs?offset=0", hanging[0]);
    ask("/logs?offset=1", hanging[1]);
    ask("/logs?offset=2", hanging[2]);
    ASSERT_TRUE(hanging[2]);
    EXPECT_EQ(hanging[2]->error().code, Errc::full);
    EXPECT_EQ(hanging[2]->error().message,
              "too many pages of this project are being fetched, try again");
    Answer shared;
    ask("/logs?offset=1", shared);
    EXPECT_FALSE(shared) << "it waits for the fetch that there is";
    Answer other;
    ask("/status", other, 2);
    EXPECT_FALSE(other) << "another project has its turn";
    EXPECT_EQ(source_.asked.size(), 3U);
    source_.answer(0, std::string("{}"));
    Answer again;
    ask("/logs?offset=2", again);
    EXPECT_FALSE(again) << "there is room again";
    EXPECT_EQ(source_.asked.size(), 4U);
}

TEST_F(ProjectPagesTest, KeepsNoMoreThanItsBoundOldestFirst) {
    for (int page = 0; page < 4; ++page) {
        Answer answer;
        ask("/" + std::to_string(page), answer);
        source_.answer(static_cast<std::size_t>(page), std::string("text"));
        loop_.run_for(10ms);
    }
    Answer newest;
    ask("/3", newest);
    EXPECT_TRUE(newest) << "kept";
    Answer oldest;
    ask("/0", oldest);
    EXPECT_FALSE(oldest) << "fetched anew";
}

TEST_F(ProjectPagesTest, MayBeAskedAgainByWhoIsAnswered) {
    Answer second;
    auto const url = parse_url("http://host/status").value();
    pages_.ask(ProjectId{1}, url,
               [&](Result<SharedText> const&) { pages_.ask(ProjectId{1}, url, into(second)); });
    source_.answer(0, std::string("{}"));
    EXPECT_TRUE(second);
}

TEST_F(ProjectPagesTest, EndsItsFetchesWithItself) {
    Answer never;
    {
        ProjectPages short_lived(source_, loop_);
        short_lived.ask(ProjectId{1}, parse_url("http://host/").value(), into(never));
        EXPECT_EQ(source_.under_way, 1);
    }
    EXPECT_EQ(source_.under_way, 0);
    EXPECT_FALSE(never);
}

}  // namespace
}  // namespace muster
