// A hub whose configuration is read again and again, whose services are renamed, registered and
// removed, and that dies in between, in simulated time from a seed. What was answered is still so
// after a kill; an id belongs to one service for ever; live views never show anything else.

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "simulated_machine.hpp"

namespace muster::simulation {
namespace {

/// `project/service` -> what a person can tell of it.
struct Known {
    ServiceId id;
    Owner owner{Owner::file};
    std::uint64_t identity{0};

    bool operator==(Known const&) const = default;
};
using Picture = std::map<std::string, Known>;

Picture picture_of(Hub const& hub) {
    Picture picture;
    hub.each([&picture](Service const& service, Tracker const&) {
        picture.emplace(service.spec.project + "/" + service.spec.name,
                        Known{service.id, service.owner, service.identity});
    });
    return picture;
}

class RegistryStory {
public:
    explicit RegistryStory(std::uint64_t seed)
        : machine_({.seed = seed, .projects = 4, .length = 12h}), random_(seed ^ 0x5e71ULL) {}

    void live(int steps) {
        ASSERT_TRUE(machine_.start_hub());
        for (int step = 0; step < steps; ++step) {
            SCOPED_TRACE("step " + std::to_string(step));
            machine_.run_for(std::chrono::milliseconds(random_.between(1, 40'000)));
            act();
            look();
            if (::testing::Test::HasFailure()) {
                return;
            }
        }
        machine_.heal();
        machine_.run_for(1min);
        machine_.stop_hub();
        for (auto const& complaint : machine_.complaints) {
            ADD_FAILURE() << complaint;
        }
        for (auto const& complaint : machine_.picture.complaints()) {
            ADD_FAILURE() << complaint;
        }
        EXPECT_EQ(asked_, answered_ + lost_);
        EXPECT_GT(answered_, 0U);
        EXPECT_GT(renamed_, 0U);
    }

private:
    void act() {
        switch (random_.between(0, 7)) {
            case 0:
            case 1:
                reload();
                break;
            case 2:
                register_something();
                break;
            case 3:
                replace_something();
                break;
            case 4:
                remove_something();
                break;
            case 5:
                check_something();
                break;
            case 6:
                plan_only();
                break;
            default:
                die();
        }
    }

    /// Names, intervals and the list itself change; what was called otherwise says so.
    void reload() {
        auto& wanted = machine_.wanted;
        if (!wanted.empty() && random_.one_in(4)) {
            put_aside_.push_back(wanted.back());
            wanted.pop_back();
        } else if (!put_aside_.empty() && random_.one_in(2)) {
            wanted.push_back(put_aside_.back());
            put_aside_.pop_back();
        }
        for (auto& project : wanted) {
            project.formerly.clear();
            if (random_.one_in(4)) {
                project.formerly = std::exchange(project.name, fresh_name("p"));
            }
            for (auto& service : project.services) {
                service.project = project.name;
                service.formerly.clear();
                if (random_.one_in(6)) {
                    service.formerly = std::exchange(service.name, fresh_name("s"));
                }
                if (random_.one_in(6)) {
                    service.policy.interval = std::chrono::seconds(random_.between(2, 60));
                }
            }
        }
        auto const before = picture_of(hub());
        auto const report = hub().reload(wanted, {});
        ASSERT_TRUE(report) << report.error().message;
        auto const now = picture_of(hub());
        for (auto const& change : report->changes) {
            if (change.action == ChangeAction::renamed && change.kind == ObjectKind::service) {
                ++renamed_;
            }
        }
        for (auto const& project : wanted) {
            for (auto const& service : project.services) {
                auto const old_project = project.formerly.empty() ? project.name : project.formerly;
                auto const old_name = service.formerly.empty() ? service.name : service.formerly;
                auto const old = before.find(old_project + "/" + old_name);
                auto const found = now.find(project.name + "/" + service.name);
                ASSERT_NE(found, now.end());
                if (old != before.end()) {
                    EXPECT_EQ(found->second.id, old->second.id) << found->first;
                }
            }
        }
        auto const again = hub().reload(wanted, {});
        ASSERT_TRUE(again);
        EXPECT_TRUE(again->changes.empty());
    }

    void plan_only() {
        auto const before = picture_of(hub());
        EXPECT_TRUE(hub().plan({}, {}));
        EXPECT_EQ(picture_of(hub()), before);
    }

    void register_something() {
        ServiceSpec spec;
        spec.project =
            random_.one_in(2) || machine_.wanted.empty() ? "made" : machine_.wanted.front().name;
        spec.name = "api-" + std::to_string(random_.between(1, 6));
        spec.probe = TcpProbeSpec{{"10.1.0.1", static_cast<std::uint16_t>(random_.between(1, 4))}};
        spec.policy.interval = std::chrono::seconds(random_.between(2, 30));
        auto const registered = hub().register_service(spec);
        ASSERT_TRUE(registered) << registered.error().message;
        EXPECT_EQ(registered->service.owner, Owner::api);
    }

    void replace_something() {
        auto const target = any_service(Owner::api);
        if (!target) {
            return;
        }
        auto spec = target->spec;
        spec.name = fresh_name("api");
        auto const replaced = hub().replace_service(target->id, spec);
        ASSERT_TRUE(replaced) << replaced.error().message;
        EXPECT_EQ(replaced->service.id, target->id);
        ++renamed_;
    }

    void remove_something() {
        auto const target = any_service(random_.one_in(2) ? Owner::api : Owner::file);
        if (!target) {
            return;
        }
        auto const removed = hub().remove_service(target->id);
        EXPECT_EQ(removed.has_value(), target->owner == Owner::api);
    }

    void check_something() {
        auto const target = any_service(random_.one_in(2) ? Owner::api : Owner::file);
        if (!target) {
            return;
        }
        ++asked_;
        ++waiting_;
        auto const life = life_;
        hub().check_now(target->id, HubCommands::Wait::result,
                        [this, life, id = target->id](Result<std::optional<CheckResult>> result) {
                            EXPECT_EQ(life, life_);
                            ++answered_;
                            --waiting_;
                            if (result) {
                                EXPECT_EQ((*result)->service, id);
                            } else {
                                EXPECT_EQ(result.error().code, Errc::not_found);
                            }
                        });
    }

    /// Whatever was answered before is still so afterwards.
    void die() {
        auto const before = picture_of(hub());
        machine_.kill_hub();
        ++life_;
        lost_ += std::exchange(waiting_, 0U);
        machine_.run_for(std::chrono::seconds(random_.between(1, 600)));
        ASSERT_TRUE(machine_.start_hub());
        EXPECT_EQ(picture_of(hub()), before);
    }

    void look() {
        machine_.picture.compare(hub(), machine_.loop.now().wall);
        hub().each([this](Service const& service, Tracker const&) {
            auto const seen = identities_.try_emplace(service.id, service.identity).first;
            EXPECT_EQ(seen->second, service.identity) << "an id changed hands";
        });
    }

    std::optional<Service> any_service(Owner owner) {
        std::vector<Service> all;
        hub().each([&](Service const& service, Tracker const&) {
            if (service.owner == owner) {
                all.push_back(service);
            }
        });
        if (all.empty()) {
            return std::nullopt;
        }
        // The fleet's order is nobody's business: runs repeat exactly.
        std::sort(all.begin(), all.end(),
                  [](auto const& left, auto const& right) { return left.id < right.id; });
        return all[static_cast<std::size_t>(
            random_.between(0, static_cast<std::int64_t>(all.size()) - 1))];
    }

    std::string fresh_name(std::string const& kind) {
        return kind + "-" + std::to_string(++names_);
    }

    [[nodiscard]] Hub& hub() { return *machine_.hub(); }

    SimulatedMachine machine_;
    Random random_;
    std::vector<ProjectSpec> put_aside_;
    std::map<ServiceId, std::uint64_t> identities_;
    int names_{100};
    int life_{0};
    std::size_t asked_{0};
    std::size_t answered_{0};
    std::size_t waiting_{0};
    std::size_t lost_{0};
    std::size_t renamed_{0};
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
