#include <muster/recording/bus_follower.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/memory/memory_journal.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <muster/testing/journal_samples.hpp>
#include <muster/testing/remembering_log.hpp>

namespace muster {
namespace {

class FakeBus final : public EventBus {
public:
    Result<std::optional<Cursor>> cursor(std::string const& /*hub_id*/) override {
        if (away) {
            return failure(Errc::unavailable, "nobody listens");
        }
        return at;
    }

    Result<void> publish(BusBatch const& batch) override {
        if (away) {
            return failure(Errc::unavailable, "nobody listens");
        }
        expected = batch.expected;
        for (auto const& entry : batch.entries) {
            kept.push_back(entry.value);
        }
        for (auto const& message : batch.messages) {
            published.push_back(message.payload);
        }
        if (remembers) {
            at = batch.next;
        }
        return {};
    }

    Result<void> announce(std::string const& /*hub_id*/,
                          std::vector<BusMessage> const& /*messages*/) override {
        return {};
    }

    std::unique_ptr<Subscription> subscribe(std::string /*pattern*/,
                                            UniqueFunction<void(BusMessage const&)>) override {
        return nullptr;
    }

    bool away{false};
    bool remembers{true};
    std::optional<Cursor> at;
    std::optional<Cursor> expected;
    std::vector<std::string> published;
    std::vector<std::string> kept;
};

/// Every second record goes on a channel, and every one into one entry a batch.
class EverySecond final : public BusTranslator {
public:
    void add(Record const& record, bool recent, BusBatch& batch) override {
        if (recent && record.position.seq % 2 == 0) {
            batch.messages.push_back({"channel", std::to_string(record.position.seq)});
        }
        entry_ += std::to_string(record.position.seq) + " ";
    }
    void end(BusBatch& batch) override {
        batch.entries.push_back({"stream", "field", std::exchange(entry_, {})});
    }

private:
    std::string entry_;
};

class BusFollowerTest : public ::testing::Test {
protected:
    void make_follower(bool routine = true) {
        BusFollower::Options options;
        options.hub_id = "hub-main";
        options.routine = routine;
        follower_ = std::make_unique<BusFollower>(journal_, journal_.reader(), bus_,
                                                  std::make_unique<EverySecond>(), lane_, loop_,
                                                  loop_, log_, options);
    }

    /// Writes records stamped with now.
    void write_through(std::uint64_t seq) {
        ASSERT_TRUE(testing::write_through(journal_, seq, 1, loop_.now().wall));
        if (follower_) {
            follower_->wrote(seq);
        }
    }

    SimulatedLoop loop_;
    SimulatedLane lane_{loop_};
    MemoryDisk disk_;
    MemoryJournal journal_{disk_};
    FakeBus bus_;
    testing::RememberingLog log_;
    std::unique_ptr<BusFollower> follower_;
};

using Payloads = std::vector<std::string>;

TEST_F(BusFollowerTest, PublishesWhatRecordsMakeInTheirOrder) {
    make_follower();
    follower_->start();
    write_through(6);
    loop_.run_for(20ms);
    EXPECT_EQ(bus_.published, (Payloads{"2", "4", "6"}));
    EXPECT_EQ(bus_.at, (Cursor{journal_.state().id, 6}));
    EXPECT_EQ(bus_.kept, Payloads{"1 2 3 4 5 6 "});
    write_through(7);
    loop_.run_for(20ms);
    EXPECT_EQ(bus_.expected, (Cursor{journal_.state().id, 6}));
    EXPECT_EQ(follower_->position(), 7U);
}

TEST_F(BusFollowerTest, PassesOverRoutineWhereNobodyWantsIt) {
    make_follower(false);
    follower_->start();
    write_through(5);
    Bytes frame;
    append_frame(frame, {1, 6}, testing::sample_transition());
    ASSERT_TRUE(journal_.write(frame, {1, 6}, loop_.now().wall));
    follower_->wrote(6);
    write_through(8);
    loop_.run_for(20ms);
    EXPECT_EQ(bus_.published, Payloads{"6"});
    EXPECT_EQ(follower_->position(), 8U);
}

TEST_F(BusFollowerTest, BeginsAtTheJournalsEndWhereTheBusRemembersNothing) {
    write_through(6);
    bus_.remembers = false;
    make_follower();
    follower_->start();
    write_through(8);
    loop_.run_for(1s);
    EXPECT_EQ(bus_.published, Payloads{"8"});
}

TEST_F(BusFollowerTest, BeginsAtTheBussOwnCursor) {
    write_through(6);
    bus_.at = Cursor{journal_.state().id, 2};
    make_follower();
    follower_->start();
    loop_.run_for(1s);
    EXPECT_EQ(bus_.published, (Payloads{"4", "6"}));
}

TEST_F(BusFollowerTest, PassesOverWhatIsTooOldForAChannel) {
    make_follower();
    follower_->start();
    loop_.run_for(1s);
    bus_.away = true;
    write_through(4);
    loop_.run_for(11s);
    write_through(6);
    EXPECT_FALSE(follower_->condition().working);
    bus_.away = false;
    loop_.run_for(6s);
    EXPECT_EQ(bus_.published, Payloads{"6"});
    EXPECT_EQ(bus_.kept, Payloads{"1 2 3 4 5 6 "}) << "streams lose nothing";
    EXPECT_EQ(follower_->position(), 6U);
    EXPECT_TRUE(follower_->condition().working);
}

}  // namespace
}  // namespace muster
