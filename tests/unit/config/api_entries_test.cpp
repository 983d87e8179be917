#include <muster/config/api_entries.hpp>

#include <string>
#include <variant>

#include <gtest/gtest.h>

namespace muster::config {
namespace {

class ApiEntriesTest : public testing::Test {
protected:
    static ProjectSpec project_named(std::string_view name) {
        ProjectSpec project;
        project.name = std::string(name);
        if (name == "shop") {
            project.critical = false;
            project.group = "front";
        }
        return project;
    }

    EntryReader::Refusal refusal_of(std::string_view text) const {
        auto const read = entries.service(text, nullptr);
        EXPECT_FALSE(read) << text;
        return read ? EntryReader::Refusal{} : read.error();
    }

    ApiEntries entries{ServiceDefaults{}, project_named};
};

TEST_F(ApiEntriesTest, ReadAServiceAsTheFileWould) {
    auto const spec = entries.service(
        R"({"project":"shop","name":"db","type":"database","probe":{"tcp":"127.0.0.1:5432"},)"
        R"("interval":"3s","timeout":2,"dependsOn":["cache","?bank/api"],"tags":["eu"],)"
        R"("metadata":{"team":"ops"},"formerly":"sql"})",
        nullptr);
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_EQ(spec->project, "shop");
    EXPECT_EQ(spec->name, "db");
    EXPECT_EQ(spec->type, ServiceType::database);
    EXPECT_EQ(spec->probe, ProbeSpec(TcpProbeSpec{{"127.0.0.1", 5432}}));
    EXPECT_EQ(spec->policy.interval, Millis(3s));
    EXPECT_EQ(spec->policy.timeout, Millis(2s));
    EXPECT_EQ(spec->depends_on,
              (std::vector<Dependency>{{"shop", "cache", false}, {"bank", "api", true}}));
    EXPECT_FALSE(spec->critical);
    EXPECT_EQ(spec->group, "front");
    EXPECT_EQ(spec->formerly, "");
}

TEST_F(ApiEntriesTest, TakeTheDefaultsOfTheConfigurationOfToday) {
    constexpr auto kText = R"({"project":"a","name":"b","probe":{"tcp":"127.0.0.1:1"}})";
    EXPECT_EQ(entries.service(kText, nullptr)->policy.interval, Millis(30s));
    ServiceDefaults defaults;
    defaults.policy.interval = 7s;
    entries.set_defaults(defaults);
    EXPECT_EQ(entries.service(kText, nullptr)->policy.interval, Millis(7s));
}

TEST_F(ApiEntriesTest, TakeWhatIsLeftOutFromTheServiceThatIsKnown) {
    ServiceSpec known;
    known.project = "shop";
    known.name = "db";
    constexpr auto kText = R"({"probe":{"tcp":"127.0.0.1:1"}})";
    auto const spec = entries.service(kText, &known);
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_EQ(spec->project, "shop");
    EXPECT_EQ(spec->name, "db");
    EXPECT_FALSE(entries.service(kText, nullptr));
}

TEST_F(ApiEntriesTest, NameEveryMistakeAtOnce) {
    auto const refusal = refusal_of(
        R"({"project":"shop","name":"d b","probe":{"tcp":"nowhere"},"intervall":"3s","retries":-1})");
    EXPECT_FALSE(refusal.forbidden);
    for (auto const* part : {"'name'", "'tcp'", "'intervall'", "'interval'", "'retries'"}) {
        EXPECT_NE(refusal.message.find(part), std::string::npos) << part << ": " << refusal.message;
    }
}

TEST_F(ApiEntriesTest, RefuseWhatIsNoService) {
    for (auto const* text : {"", "[]", "5", "\"shop\"", "{", "{}", R"({"name":"db"})",
                             R"({"project":"status","name":"db","probe":{"tcp":"127.0.0.1:1"}})",
                             R"({"project":["shop"],"name":"db","probe":{"tcp":"127.0.0.1:1"}})",
                             R"({"project":"shop","name":"db"})"}) {
        EXPECT_FALSE(refusal_of(text).forbidden) << text;
        EXPECT_FALSE(refusal_of(text).message.empty()) << text;
    }
}

TEST_F(ApiEntriesTest, ForbidWhatRunsAProgram) {
    for (
        auto const* text :
        {R"({"project":"shop","name":"disk","probe":{"exec":["/bin/true"]}})",
         R"({"project":"shop","name":"disk","probe":{"tcp":"127.0.0.1:1"},"command":["/bin/sh"]})"}) {
        EXPECT_TRUE(refusal_of(text).forbidden) << text;
    }
}

TEST_F(ApiEntriesTest, ForbidWhatReadsAFileOfTheHub) {
    for (auto const* ca : {R"("/etc/ca.pem")", "null", "[]"}) {
        auto const refusal = refusal_of(
            R"({"project":"shop","name":"web","probe":{"http":"https://h/","tls":{"ca":)" +
            std::string(ca) + "}}}");
        EXPECT_TRUE(refusal.forbidden) << ca;
        EXPECT_EQ(refusal.message, "probe: tls.ca comes from configuration files only");
    }
    EXPECT_TRUE(entries.service(
        R"({"project":"shop","name":"web","probe":{"http":"https://h/","tls":{"verify":false}}})",
        nullptr));
}

TEST_F(ApiEntriesTest, FillInNothingFromTheEnvironment) {
    auto const refusal = refusal_of(
        R"({"project":"shop","name":"db","probe":{"http":"http://h/","headers":{"K":"${PATH}"}}})");
    EXPECT_EQ(refusal.message.find("/bin"), std::string::npos) << refusal.message;
}

TEST_F(ApiEntriesTest, ReadAWindow) {
    auto const window =
        entries.window(R"({"match":{"projects":["shop"]},"from":"2026-11-22T05:00:00Z",)"
                       R"("until":"2026-11-22T06:00:00Z","why":"patches"})");
    ASSERT_TRUE(window) << window.error().message;
    EXPECT_EQ(window->match.projects, (std::vector<std::string>{"shop"}));
    EXPECT_EQ(window->why, "patches");
    EXPECT_EQ(*window->until - *window->from, 1h);
    for (auto const* text :
         {"", "[]", "5", "{}", R"({"match":{}})",
          R"({"match":{},"from":"2026-11-22T05:00:00Z","until":"2025-01-01T00:00:00Z"})",
          R"({"match":{"project":["shop"]},"from":"2026-11-22T05:00:00Z"})"}) {
        auto const refused = entries.window(text);
        ASSERT_FALSE(refused) << text;
        EXPECT_FALSE(refused.error().message.empty()) << text;
    }
}

}  // namespace
}  // namespace muster::config
