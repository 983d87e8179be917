// Targets behind TLS: a certificate that runs out while it is watched, a chain that breaks, a peer
// that no longer shakes hands. What the prober says of them comes from the real one's words.

#include <string>

#include <gtest/gtest.h>

#include "simulated_machine.hpp"
#include "told.hpp"

namespace muster::simulation {
namespace {

class TlsLives : public ::testing::Test {
protected:
    TlsLives() : machine({.seed = 3, .projects = 0}) {
        machine.wanted = plain_projects(2, 0);
        auto& probe = std::get<HttpProbeSpec>(machine.wanted.front().services.front().probe);
        probe.url = *parse_url("https://shop.example:8443/health");
        machine.targets().always(target_of_project(2), passing_answer(20ms));
    }

    [[nodiscard]] SimulatedAnswer good(WallTime expires, bool resumed) const {
        auto answer = passing_answer(30ms);
        answer.outcome.phases.tls = resumed ? 2ms : 8ms;
        answer.outcome.tls_resumed = resumed;
        answer.outcome.certificate_expires = expires;
        return answer;
    }

    [[nodiscard]] SimulatedAnswer refused(std::string const& words, WallTime expires) const {
        auto answer = failing_answer(words, 9ms);
        answer.outcome.certificate_expires = expires;
        return answer;
    }

    void answer(SimulatedAnswer const& what) {
        machine.targets().always("https://shop.example:8443/health", what);
    }

    SimulatedMachine machine;
};

TEST_F(TlsLives, ACertificateThatRunsOutTakesItsServiceDownAndARenewalBringsItBack) {
    auto const expires = machine.loop.now().wall + 1h;
    answer(good(expires, false));
    ASSERT_TRUE(machine.start_hub());
    machine.run_for(30min);
    answer(good(expires, true));
    machine.run_for(30min);
    answer(refused("certificate expired on " + to_rfc3339(expires).substr(0, 10), expires));
    machine.run_for(10min);
    machine.kill_hub();  // what is known of the certificate survives in the results
    machine.run_for(1min);
    ASSERT_TRUE(machine.start_hub());
    machine.run_for(1min);
    auto const renewed = machine.loop.now().wall + 90 * 24h;
    answer(good(renewed, false));
    machine.run_for(10min);
    machine.heal();
    machine.run_for(1min);
    machine.stop_hub();

    std::vector<std::string> story;
    for (auto const& transition : told<Transition>(machine)) {
        if (transition.project == "p1") {
            story.push_back(describe(transition));
        }
    }
    auto const day = to_rfc3339(expires).substr(0, 10);
    EXPECT_EQ(story,
              (std::vector<std::string>{
                  "up", "down after 1 failed check: certificate expired on " + day, "up again"}));
    std::optional<WallTime> last;
    std::size_t resumed = 0;
    for (auto const& result : told<CheckResult>(machine)) {
        if (result.outcome.certificate_expires) {
            last = result.outcome.certificate_expires;
            resumed += result.outcome.tls_resumed ? 1 : 0;
        }
    }
    EXPECT_EQ(last, renewed);
    EXPECT_GE(resumed, 179U) << "half an hour, every ten seconds";
}

TEST_F(TlsLives, AHandshakeThatFailsIsTheTargetsAndOneWithoutMemoryIsOurs) {
    auto const expires = machine.loop.now().wall + 24h;
    answer(good(expires, false));
    ASSERT_TRUE(machine.start_hub());
    machine.run_for(2min);
    auto ours = failing_answer("this machine has no memory left for TLS (not counted)", 1ms);
    ours.outcome.verdict = Verdict::not_counted;
    answer(ours);
    machine.run_for(2min);
    answer(failing_answer("TLS handshake failed: connection reset", 1ms));
    machine.run_for(2min);
    machine.heal();
    machine.run_for(1min);
    machine.stop_hub();
    std::vector<std::string> errors;
    for (auto const& transition : told<Transition>(machine)) {
        if (transition.to == HealthStatus::down) {
            errors.push_back(transition.reason.error);
        }
    }
    EXPECT_EQ(errors, (std::vector<std::string>{"TLS handshake failed: connection reset"}));
}

}  // namespace
}  // namespace muster::simulation
