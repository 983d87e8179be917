// A hub whose configuration is read again and again, whose services are renamed, registered and
// removed, and that dies in between, in simulated time from a seed. What was answered is still so
// after a kill; an id belongs to one service for ever; live views never show anything else.

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "registry_life.hpp"
#include "simulated_machine.hpp"

namespace muster::simulation {
namespace {

using Picture = std::map<std::string, ServiceId>;  // by `project/service`

Picture picture_of(Hub const& hub) {
    Picture picture;
    hub.each([&picture](Service const& service, Tracker const&) {
        picture.emplace(service.spec.project + "/" + service.spec.name, service.id);
    });
    return picture;
}

class RegistryStory {
public:
    explicit RegistryStory(std::uint64_t seed)
        : machine_({.seed = seed, .projects = 4, .length = 12h}),
          random_(seed ^ 0x5e71ULL),
          life_(machine_, random_.fork()) {}

    void live(int steps) {
        ASSERT_TRUE(machine_.start_hub());
        for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) {
            SCOPED_TRACE("step " + std::to_string(step));
            machine_.run_for(std::chrono::milliseconds(random_.between(1, 40'000)));
            random_.one_in(8) ? die() : life_.act();
            machine_.picture.compare(*machine_.hub(), machine_.loop.now().wall);
            life_.look();
            expect_all_is_well();
        }
        machine_.heal();
        machine_.run_for(1min);
        machine_.stop_hub();
        life_.end();
        expect_all_is_well();
        EXPECT_GT(life_.figures().answered, 0U);
        EXPECT_GT(life_.figures().renamed, 0U);
    }

private:
    void die() {
        life_.hub_gone(true);
        machine_.kill_hub();
        machine_.run_for(std::chrono::seconds(random_.between(1, 600)));
        ASSERT_TRUE(machine_.start_hub());
        life_.hub_back();
    }

    void expect_all_is_well() {
        for (auto const& told :
             {machine_.complaints, machine_.picture.complaints(), life_.complaints()}) {
            for (auto const& complaint : told) {
                ADD_FAILURE() << complaint;
            }
        }
    }

    SimulatedMachine machine_;
    Random random_;
    RegistryLife life_;
};

void live_from(std::uint64_t seed, int steps) {
    SCOPED_TRACE("MUSTER_SEED=" + std::to_string(seed));
    RegistryStory(seed).live(steps);
}

TEST(RegistrySimulation, KeepsItsPromisesOverReloadsRenamesAndCrashes) {
    char const* const asked = std::getenv("MUSTER_SEED");
    if (asked != nullptr) {
        live_from(std::strtoull(asked, nullptr, 10), 150);
        return;
    }
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        live_from(seed, 100);
    }
}

/// A reload leaves alone what it does not name: the check that is under way comes to its end, and
/// the next one comes in its time.
TEST(RegistrySimulation, AReloadDoesNotDisturbWhatDidNotChange) {
    SimulatedMachine machine({.seed = 3, .projects = 0});
    auto const steady = project_of("steady", *parse_url("http://10.9.9.1:1"));
    auto other = project_of("other", *parse_url("http://10.9.9.2:1"));
    machine.targets().always("http://10.9.9.1:1/health", passing_answer(Micros(3'000'000)));
    machine.targets().always("http://10.9.9.2:1/health", passing_answer());
    machine.wanted = {steady, other};
    ASSERT_TRUE(machine.start_hub());
    machine.run_for(25s);
    auto const last_check = [&machine] {
        std::optional<WallTime> at;
        machine.hub()->each([&at](Service const& service, Tracker const& tracker) {
            if (service.spec.project == "steady") {
                at = tracker.last_check;
            }
        });
        return *at;
    };
    // Every other second a reload changes the other project; the steady one takes three seconds a
    // check and still keeps its ten.
    std::vector<WallTime> checks{last_check()};
    for (int second = 0; second < 60; ++second) {
        machine.run_for(1s);
        if (second % 2 == 0) {
            other.services.front().policy.interval = std::chrono::seconds(5 + second);
            other.services.front().probe =
                TcpProbeSpec{{"10.9.9.2", static_cast<std::uint16_t>(100 + second)}};
            auto const report = machine.hub()->reload(std::vector{steady, other}, {});
            ASSERT_TRUE(report);
            ASSERT_EQ(report->changes.size(), 1U);
        }
        if (last_check() != checks.back()) {
            checks.push_back(last_check());
        }
    }
    ASSERT_GE(checks.size(), 6U);
    for (std::size_t index = 1; index < checks.size(); ++index) {
        EXPECT_EQ(checks[index] - checks[index - 1], 10s);
    }
    machine.stop_hub();
}

TEST(RegistrySimulation, ABadConfigurationChangesNothing) {
    SimulatedMachine machine({.seed = 4, .projects = 2});
    ASSERT_TRUE(machine.start_hub());
    machine.run_for(1min);
    auto const before = picture_of(*machine.hub());
    auto wrong = machine.wanted;
    wrong.front().services.front().policy.interval = 1s;
    wrong.front().formerly = wrong.back().name;
    wrong.back().formerly = wrong.front().name;
    auto const refused = machine.hub()->reload(wrong, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::invalid);
    EXPECT_EQ(picture_of(*machine.hub()), before);
    EXPECT_TRUE(machine.hub()->plan(machine.wanted, {})->changes.empty());
    machine.stop_hub();
}

TEST(RegistrySimulation, MaintenanceWindowsSurviveRestartsWithTheirIds) {
    SimulatedMachine machine({.seed = 5, .projects = 1});
    ASSERT_TRUE(machine.start_hub());
    MaintenanceSpec spec;
    spec.why = "patches";
    spec.until = machine.loop.now().wall + 24h;
    auto const added = machine.hub()->add_window(spec);
    ASSERT_TRUE(added);
    machine.kill_hub();
    ASSERT_TRUE(machine.start_hub());
    machine.stop_hub();  // and a checkpoint
    ASSERT_TRUE(machine.start_hub());
    EXPECT_TRUE(machine.hub()->remove_window(added->id));
    EXPECT_EQ(machine.hub()->remove_window(added->id).error().code, Errc::not_found);
    auto const next = machine.hub()->add_window(spec);
    ASSERT_TRUE(next);
    EXPECT_NE(next->id, added->id);
    machine.stop_hub();
}

}  // namespace
}  // namespace muster::simulation
