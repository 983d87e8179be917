#include <cli/config_command.hpp>

#include <sstream>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <muster/config/load.hpp>

namespace muster {
namespace {

struct Told {
    int code{0};
    std::string out;
    std::string err;
};

using Command = int (*)(config::Checked<config::Configuration> const&, bool, std::ostream&,
                        std::ostream&);

Told run(Command command, std::string file, bool json = false) {
    config::LoadInput input;
    input.file_name = "f";
    input.file_text = std::move(file);
    std::ostringstream out;
    std::ostringstream err;
    auto const code = command(config::load(input), json, out, err);
    return {code, out.str(), err.str()};
}

constexpr char const* kValid =
    "auth: { token: hunter2 }\n"
    "projects:\n"
    "  - { name: a, url: \"http://h\", timeout: 20s, services: [ { name: b, probe: { tcp: \"h:1\" "
    "} } "
    "] }\n";
constexpr char const* kWrong = "hubb: {}\nlimits: { perHost: 0 }\n";

TEST(ConfigCheck, OfAValidFileCountsAndWarns) {
    auto const told = run(run_config_check, kValid);
    EXPECT_EQ(told.code, 0);
    EXPECT_EQ(told.out,
              "the configuration is valid: 1 project, 2 services, 0 maintenance windows\n");
    EXPECT_EQ(
        told.err,
        "warning: f:3:42: 'timeout' (20s) is longer than 'healthCheckInterval' (10s): a check "
        "that takes so long skips the next ones\n");
}

TEST(ConfigCheck, TellsEveryMistakeAndEndsWithThree) {
    auto const told = run(run_config_check, kWrong);
    EXPECT_EQ(told.code, 3);
    EXPECT_EQ(told.out, "");
    EXPECT_EQ(told.err,
              "f:1:1: unknown key 'hubb': did you mean 'hub'?\n"
              "f:2:20: 'perHost' wants a whole number from 1 to 100000, not '0'\n"
              "2 mistakes\n");
}

TEST(ConfigCheck, SpeaksJson) {
    EXPECT_EQ(run(run_config_check, "", true).out,
              R"({"valid":true,"mistakes":[],"warnings":[],"projects":0,"services":0,)"
              R"("maintenance":0})"
              "\n");
    auto const wrong = run(run_config_check, "hubb: {}\n", true);
    EXPECT_EQ(wrong.code, 3);
    EXPECT_EQ(wrong.out, R"({"valid":false,"mistakes":[{"file":"f","line":1,"column":1,"message":)"
                         R"("unknown key 'hubb': did you mean 'hub'?"}]})"
                         "\n");
    EXPECT_EQ(wrong.err, "");
}

TEST(ConfigShow, PrintsWhatCanBeReadAgainOnceTheSecretsArePutIn) {
    for (bool const json : {false, true}) {
        auto const told = run(run_config_show, kValid, json);
        EXPECT_EQ(told.code, 0);
        EXPECT_EQ(told.out.find("hunter"), std::string::npos) << told.out;
        EXPECT_EQ(run(run_config_check, told.out).code, 3) << "*** is no token";
        auto filled_in = told.out;
        auto const mask = filled_in.find("\"***\"");
        ASSERT_NE(mask, std::string::npos) << told.out;
        filled_in.replace(mask, 5, "\"hunter2\"");
        EXPECT_EQ(run(run_config_check, filled_in).code, 0) << filled_in;
        EXPECT_EQ(run(run_config_show, filled_in, json).out, told.out);
    }
}

TEST(ConfigShow, OfAWrongFileTellsTheMistakes) {
    auto const told = run(run_config_show, kWrong);
    EXPECT_EQ(told.code, 3);
    EXPECT_EQ(told.out, "");
    EXPECT_NE(told.err.find("hubb"), std::string::npos);
}

}  // namespace
}  // namespace muster
