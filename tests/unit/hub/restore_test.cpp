#include <muster/hub/restore.hpp>

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include <muster/memory/memory_checkpoint_store.hpp>
#include <muster/memory/memory_journal.hpp>
#include <muster/monitoring/fleet.hpp>
#include <muster/recording/journal_record.hpp>
#include <muster/testing/remembering_log.hpp>

namespace muster {
namespace {

constexpr WallTime kStart{Millis(1'700'000'000'000)};

class RestoreTest : public ::testing::Test {
protected:
    RestoreTest() {
        auto spec = project_of("shop", *parse_url("http://127.0.0.1:3010"));
        service_.id = ServiceId{1};
        service_.project_id = ProjectId{1};
        service_.spec = spec.services.front();
        service_.spec.policy.failure_threshold = 2;
        spec.services.clear();
        Project project;
        project.id = ProjectId{1};
        project.spec = spec;
        write(ProjectChanged{project});
        write(ServiceChanged{service_, true});
    }

    void write(RecordBody const& body) {
        Bytes frame;
        append_frame(frame, {5, ++seq_}, body);
        ASSERT_TRUE(journal_.write(frame, {5, seq_}, kStart));
    }

    /// Judged as a fleet would, and written without the transition that it led to.
    Judged check(Verdict verdict) {
        Outcome outcome;
        outcome.verdict = verdict;
        outcome.error = verdict == Verdict::failed ? "connection refused" : "";
        now_ += 10s;
        auto judged = judge(tracker_, service_.id, service_.spec.policy, outcome, now_, now_ + 5ms);
        write(judged.result);
        return judged;
    }

    Restored restored() {
        auto result = restore_hub(checkpoints_, journal_, log_);
        EXPECT_TRUE(result);
        return std::move(*result);
    }

    MemoryDisk disk_;
    MemoryJournal journal_{disk_};
    MemoryCheckpointStore checkpoints_{disk_};
    testing::RememberingLog log_;
    Service service_;
    Tracker tracker_;
    WallTime now_{kStart};
    std::uint64_t seq_{0};
};

TEST_F(RestoreTest, FindsTheTransitionThatATornWriteTook) {
    write(*transition_of(service_, check(Verdict::passed)));
    check(Verdict::failed);
    auto const lost = transition_of(service_, check(Verdict::failed));
    ASSERT_TRUE(lost);
    auto const after = restored();
    ASSERT_EQ(after.untold.size(), 1U);
    EXPECT_EQ(after.untold.at(service_.id), *lost) << "with its whole reason";
    EXPECT_EQ(after.trackers.at(service_.id), tracker_);
}

TEST_F(RestoreTest, FindsNoneWhereAllWereWritten) {
    write(*transition_of(service_, check(Verdict::passed)));
    check(Verdict::failed);
    write(*transition_of(service_, check(Verdict::failed)));
    check(Verdict::failed);
    EXPECT_TRUE(restored().untold.empty());
}

TEST_F(RestoreTest, FindsNoneOfAServiceThatIsGone) {
    check(Verdict::passed);
    write(ServiceRemoved{service_.id, "shop", "app"});
    EXPECT_TRUE(restored().untold.empty());
}

/// The policy of today would have led elsewhere: the result knows what it led to.
TEST_F(RestoreTest, GoesByTheResultWhereItWasJudgedInOtherCircumstances) {
    auto judged = check(Verdict::passed);
    judged.result.after.status = HealthStatus::degraded;
    write(judged.result);
    auto const after = restored();
    ASSERT_EQ(after.untold.size(), 1U);
    EXPECT_EQ(after.untold.at(service_.id).to, HealthStatus::degraded);
    EXPECT_FALSE(after.untold.at(service_.id).reason.deciding.empty());
}

}  // namespace
}  // namespace muster
