// Shards as a hub has them: threads, loops, sockets. A unit test, for those are run by the thread
// sanitizer, which shows that nothing is shared but what may be.

#include <muster/prober_set/built_in_shards.hpp>

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <integration/http/answering_child.hpp>
#include <muster/base/hash.hpp>
#include <muster/monitoring/fleet.hpp>
#include <muster/prober_set/built_in_probers.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/runtime/system_clock.hpp>
#include <muster/sharding/placement.hpp>
#include <muster/sharding/sharded_prober.hpp>

namespace muster {
namespace {

constexpr std::size_t kShards = 3;
constexpr std::size_t kTargets = 9;
constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok";

/// Halts every thread that asks it until it may go on.
class HaltedClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override {
        std::unique_lock lock(mutex_);
        ++waiting_;
        goes_on_.wait(lock, [this] { return goes_; });
        return clock_.now();
    }

    [[nodiscard]] int waiting() const {
        std::lock_guard const lock(mutex_);
        return waiting_;
    }

    void go_on() {
        std::lock_guard const lock(mutex_);
        goes_ = true;
        goes_on_.notify_all();
    }

private:
    SystemClock clock_;
    mutable std::mutex mutex_;
    mutable std::condition_variable goes_on_;
    mutable int waiting_{0};  // guarded by mutex_
    bool goes_{false};        // guarded by mutex_
};

struct BuiltInShardsTest : ::testing::Test, FleetObserver {
    BuiltInShardsTest() {
        // Before there are threads: they are forked.
        for (std::size_t number = 0; number < kTargets; ++number) {
            targets.push_back(std::make_unique<AnsweringChild>(std::string(kAnswer)));
        }
        trial.emplace(loop, clock);
        shards.emplace(kShards, loop, clock,
                       [](std::string const& error) { ADD_FAILURE() << error; });
        prober.emplace(*trial, shards->links());
        fleet.emplace(clock, loop, *prober, *this, Scheduler::Limits{});
    }

    void checked(Service const& service, Tracker const& /*tracker*/,
                 Judged const& judged) override {
        auto& of_one = seen[service.id];
        ++of_one.checks;
        of_one.reused += judged.result.outcome.connection == ConnectionUse::reused ? 1 : 0;
        if (judged.result.outcome.verdict != Verdict::passed) {
            errors[judged.result.outcome.error] += 1;
        }
        ++checks;
    }

    /// One that is checked every 20 ms, at the target of its number.
    Service service(std::size_t number) const {
        Service result;
        result.id = ServiceId{static_cast<std::int64_t>(number + 1)};
        result.project_id = ProjectId{1};
        result.spec.project = "shop";
        result.spec.name = "s" + std::to_string(number);
        result.spec.probe = probe_of(number % kTargets);
        result.spec.policy.interval = 20ms;
        result.spec.connection = ConnectionPolicy::reuse;
        result.identity = stable_hash(result.spec.name);
        return result;
    }

    HttpProbeSpec probe_of(std::size_t target) const {
        HttpProbeSpec spec;
        spec.url = *parse_url("http://127.0.0.1:" + std::to_string(targets[target]->port()) + "/");
        return spec;
    }

    void add(std::size_t number) {
        std::vector<Fleet::Member> members;
        members.push_back({share(service(number)), {}});
        ASSERT_TRUE(fleet->add(std::move(members)).empty());
    }

    template <class Reached>
    void run_until(Reached reached) {
        auto const limit = clock.now().steady + 60s;
        while (!reached() && clock.now().steady < limit) {
            loop.context().run_one_for(100ms);
        }
        ASSERT_TRUE(reached());
    }

    struct Seen {
        std::size_t checks{0};
        std::size_t reused{0};
    };

    Loop loop;
    SystemClock clock;
    std::vector<std::unique_ptr<AnsweringChild>> targets;
    std::map<ServiceId, Seen> seen;
    std::map<std::string, int> errors;
    std::size_t checks{0};
    std::optional<BuiltInProbers> trial;
    std::optional<BuiltInShards> shards;
    std::optional<ShardedProber> prober;
    std::optional<Fleet> fleet;
};

TEST_F(BuiltInShardsTest, ProbeOverKeptConnectionsEachForItself) {
    for (std::size_t number = 0; number < kTargets; ++number) {
        add(number);
    }
    run_until([this] { return checks >= 50 * kTargets; });
    EXPECT_TRUE(errors.empty()) << errors.begin()->first;
    std::vector<std::size_t> on(kShards, 0);
    for (auto const& [id, of_one] : seen) {
        EXPECT_GT(of_one.checks, 10U);
        EXPECT_GE(of_one.reused + 2, of_one.checks) << "a connection is where its probes are";
        ++on[shard_of(probe_of(static_cast<std::size_t>(id.value) - 1), kShards)];
    }
    run_until([this] {
        std::size_t told = 0;
        for (auto const* const link : shards->links()) {
            told += link->figures().lateness.count();
        }
        return told >= 50 * kTargets;
    });
    for (std::size_t number = 0; number < kShards; ++number) {
        EXPECT_EQ(shards->links()[number]->figures().lateness.count() > 0, on[number] > 0);
    }
}

/// Services come, go, move to other shards and are asked for while their checks are under way.
TEST_F(BuiltInShardsTest, LiveThroughChangesAndEndWithChecksUnderWay) {
    for (std::size_t number = 0; number < kTargets; ++number) {
        add(number);
    }
    for (std::size_t round = 1; round <= 100; ++round) {
        auto const number = round % kTargets;
        auto changed = service(number);
        switch (round % 4) {
            case 0:
                fleet->remove(changed.id);
                add(number);
                break;
            case 1:
                changed.spec.probe = probe_of((number + round) % kTargets);
                changed.spec.policy.timeout = 5s;
                ASSERT_TRUE(fleet->change(share(changed)));
                break;
            case 2:
                EXPECT_TRUE(fleet->check_now(changed.id));
                break;
            default:
                changed.spec.probe = TcpProbeSpec{{"127.0.0.1", targets[number]->port()}};
                ASSERT_TRUE(fleet->change(share(changed)));
        }
        auto const reached = checks + 7;
        run_until([this, reached] { return checks >= reached; });
    }
    EXPECT_EQ(fleet->size(), kTargets);
    fleet->stop();
    fleet.reset();
    prober.reset();
    shards.reset();  // joins
    EXPECT_GE(checks, 700U);
}

TEST_F(BuiltInShardsTest, AreReachedOnceNoneOfThemHangs) {
    HaltedClock halting;
    BuiltInShards hanging(kShards, loop, halting,
                          [](std::string const& error) { ADD_FAILURE() << error; });
    run_until([&] { return halting.waiting() == static_cast<int>(kShards); });
    bool reached = false;
    hanging.reach([&reached] { reached = true; });
    for (int turn = 0; turn < 20; ++turn) {
        loop.context().poll();
    }
    EXPECT_FALSE(reached);
    halting.go_on();
    run_until([&reached] { return reached; });
}

TEST_F(BuiltInShardsTest, WhoIsGoneIsNotReached) {
    bool reached = false;
    shards->reach([&reached] { reached = true; });
    fleet.reset();
    prober.reset();
    shards.reset();  // joins: what the shards answered waits on our loop
    loop.context().poll();
    EXPECT_FALSE(reached);
}

/// A hub that does not come up ends its shards before they have done anything.
TEST_F(BuiltInShardsTest, EndAtOnce) {
    auto const probe = prober->prepare(probe_of(0), true);
    EXPECT_TRUE(probe);
}

}  // namespace
}  // namespace muster
