#include <cli/check/check_session.hpp>

#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>
#include <muster/memory/simulated_prober.hpp>

namespace muster {
namespace {

SimulatedAnswer answer_of(std::string const& target) {
    if (target == "http://slow/") {
        return passing_answer(1500ms);
    }
    if (target == "http://silent/") {
        return silent_answer();
    }
    return target == "http://bad/" ? failing_answer() : passing_answer(10ms);
}

ServiceSpec service(std::string const& host) {
    ServiceSpec spec;
    spec.project = "p";
    spec.name = host;
    spec.probe = HttpProbeSpec{parse_url("http://" + host).value()};
    return spec;
}

/// `muster check` of these hosts in simulated time.
struct Checked {
    explicit Checked(std::vector<std::string> const& hosts, CheckOptions options = {}) {
        std::vector<ServiceSpec> services;
        for (auto const& host : hosts) {
            services.push_back(service(host));
        }
        session.emplace(options, std::move(services), prober, loop, loop, out,
                        [this](int result) { code = result; });
        session->start();
    }

    SimulatedLoop loop;
    SimulatedProber prober{
        loop, [](std::string const& target, ProbeRun const&) { return answer_of(target); }};
    std::ostringstream out;
    std::optional<int> code;
    std::optional<CheckSession> session;
};

int exit_code(std::vector<std::string> const& hosts) {
    Checked checked(hosts);
    checked.loop.run_for(1min);
    return checked.code.value_or(-1);
}

TEST(CheckSession, ExitCodeIsOfTheWorst) {
    EXPECT_EQ(exit_code({"good", "good"}), 0);
    EXPECT_EQ(exit_code({"good", "slow"}), 1);
    EXPECT_EQ(exit_code({"bad", "slow", "good"}), 2);
    EXPECT_EQ(exit_code({"silent"}), 2);
}

TEST(CheckSession, OneFailedCheckIsDownAtOnceAndTheOrderStays) {
    Checked checked({"slow", "bad", "good"});
    checked.loop.run_for(1min);
    EXPECT_EQ(checked.out.str(),
              "PROJECT  SERVICE  STATUS       TIME  DETAILS\n"
              "p        slow     degraded  1500 ms  HTTP 200, slower than 1s\n"
              "p        bad      down       1.0 ms  connection refused\n"
              "p        good     up          10 ms  HTTP 200\n"
              "\n"
              "3 checked: 1 up, 1 degraded, 1 down\n");
}

TEST(CheckSession, JsonIsOneArray) {
    CheckOptions options;
    options.json = true;
    Checked checked({"good", "bad"}, options);
    checked.loop.run_for(1min);
    EXPECT_EQ(
        checked.out.str(),
        "[{\"project\":\"p\",\"service\":\"good\",\"kind\":\"http\",\"target\":\"http://good/\","
        "\"status\":\"up\",\"startedAt\":\"2023-11-14T22:13:20.000Z\",\"responseTime\":10,"
        "\"errorMessage\":null,\"details\":{\"httpStatus\":200},\"phases\":{}},"
        "{\"project\":\"p\",\"service\":\"bad\",\"kind\":\"http\",\"target\":\"http://bad/\","
        "\"status\":\"down\",\"startedAt\":\"2023-11-14T22:13:20.000Z\",\"responseTime\":1,"
        "\"errorMessage\":\"connection refused\",\"details\":{},\"phases\":{}}]\n");
}

TEST(CheckSession, ProbesAreBoundedAndFresh) {
    CheckOptions options;
    options.in_flight = 7;
    Checked checked(std::vector<std::string>(50, "good"), options);
    checked.loop.run_for(1min);
    EXPECT_EQ(checked.code, 0);
    EXPECT_EQ(checked.prober.figures().started, 50U);
    EXPECT_EQ(checked.prober.figures().most_in_flight, 7U);
}

TEST(CheckSession, ContinuousStartsARoundEveryIntervalUntilInterrupted) {
    CheckOptions options;
    options.continuous = true;
    options.json = true;
    options.interval = 30s;
    Checked checked({"slow", "bad"}, options);
    checked.loop.run_for(95s);
    EXPECT_EQ(checked.prober.figures().started, 8U);
    EXPECT_EQ(checked.code, std::nullopt);
    checked.session->interrupt();
    EXPECT_EQ(checked.code, 0);
    checked.loop.run_for(1h);
    EXPECT_EQ(checked.prober.figures().started, 8U);
}

TEST(CheckSession, ARoundThatTakesLongerThanTheIntervalIsFollowedAtOnce) {
    CheckOptions options;
    options.continuous = true;
    options.interval = 1s;
    Checked checked({"silent"}, options);
    checked.loop.run_for(14s);
    EXPECT_EQ(checked.prober.figures().started, 3U);
}

TEST(CheckSession, InterruptedItTellsWhatItFound) {
    Checked checked({"good", "silent"});
    checked.loop.run_for(1s);
    checked.session->interrupt();
    EXPECT_EQ(checked.code, 2);
    EXPECT_NE(
        checked.out.str().find("p        silent   unknown      -  not checked: interrupted\n"),
        std::string::npos)
        << checked.out.str();
    checked.session->interrupt();
    EXPECT_EQ(checked.prober.figures().in_flight, 0U);
}

class RefusingProber final : public Prober {
public:
    Result<std::unique_ptr<Probe>> prepare(ProbeSpec const& /*spec*/, bool /*reuse*/) override {
        return failure(Errc::unsupported, "'https' is not built yet");
    }
};

TEST(CheckSession, WhatCannotBeProbedIsUnknownAndNoSuccess) {
    SimulatedLoop loop;
    RefusingProber prober;
    std::ostringstream out;
    std::optional<int> code;
    CheckSession session({}, {service("a"), service("b")}, prober, loop, loop, out,
                         [&code](int result) { code = result; });
    session.start();
    EXPECT_EQ(code, std::nullopt);
    loop.run_for(1s);
    EXPECT_EQ(code, 2);
    EXPECT_NE(out.str().find("'https' is not built yet"), std::string::npos);
}

}  // namespace
}  // namespace muster
