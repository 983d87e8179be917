#include <muster/config/api_entries.hpp>

#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

namespace muster::config {
namespace {

class ApiEntriesTest : public ::testing::Test {
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

TEST_F(ApiEntriesTest, TakeTextsAsTheyAre) {
    auto const spec = entries.service(
        R"({"project":"shop","name":"db","probe":{"http":"http://h/","headers":{"K":"${PATH}"}},)"
        R"("version":"$${x} ${NAME:-1}"})",
        nullptr);
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_EQ(std::get<HttpProbeSpec>(spec->probe).headers,
              (std::vector<HttpHeader>{{"K", "${PATH}"}}));
    EXPECT_EQ(spec->version, "$${x} ${NAME:-1}");
    auto const refusal =
        refusal_of(R"({"project":"shop","name":"db","probe":{"tcp":"h:1"},"interval":"${TIME}"})");
    EXPECT_NE(refusal.message.find("'${TIME}' is not a duration"), std::string::npos)
        << refusal.message;
}

TEST_F(ApiEntriesTest, SpeakOfJsonWhereABodyIsNone) {
    EXPECT_EQ(refusal_of("").message, "the body is no JSON, line 1, column 1: a value is missing");
    EXPECT_EQ(refusal_of("project: shop\n").message,
              "the body is no JSON, line 1, column 1: this is no value: a text goes into double "
              "quotes");
    EXPECT_EQ(refusal_of("{\"project\":\"shop\",}").message,
              "the body is no JSON, line 1, column 19: a key in double quotes is missing");
    for (auto const* text : {"{", "[1,", "&a {}", "- x", "{\"a\":*b}", "\"\xFF\"", "a: b: c"}) {
        EXPECT_EQ(refusal_of(text).message.find("YAML"), std::string::npos) << text;
        auto const window = entries.window(text);
        ASSERT_FALSE(window) << text;
        EXPECT_EQ(window.error().message.find("the body is no JSON"), 0U) << text;
    }
}

TEST_F(ApiEntriesTest, ReadNullWhereAnswersShowIt) {
    auto const spec = entries.service(
        R"({"project":"shop","name":"db","probe":{"tcp":"h:1"},"group":null,"version":null,)"
        R"("containerId":null})",
        nullptr);
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_EQ(spec->group, "");  // not its project's
    EXPECT_TRUE(refusal_of(R"({"project":"shop","name":"db","probe":{"tcp":"h:1"},"type":null})")
                    .message.find("'type' wants") == 0);
}

TEST_F(ApiEntriesTest, LetAPortThatIsShownGoWithTheProbe) {
    ServiceSpec known;
    known.project = "shop";
    known.name = "db";
    known.probe = TcpProbeSpec{{"h", 1}};
    auto const port_of = [&](std::string const& port) {
        return entries.service(R"({"probe":{"tcp":"h:2"},"port":)" + port + "}", &known)->port;
    };
    EXPECT_EQ(port_of("1"), std::nullopt) << "it was the probe's, and nobody said it";
    EXPECT_EQ(port_of("null"), std::nullopt);
    EXPECT_EQ(port_of("7"), 7);
    known.port = 1;
    EXPECT_EQ(port_of("1"), 1);
}

/// A service with a secret in every place that may hold one.
class KnownSecrets : public ApiEntriesTest {
protected:
    static constexpr auto kGiven =
        R"({"project":"shop","name":"web","probe":{"http":["https://me:pw@h/?key=hush&a=1",)"
        R"("https://i:8443/"],"method":"POST","headers":{"X-Key":"hunter2"},"body":"secret",)"
        R"("expect":{"json":[{"field":"session.token","equals":"abc"},)"
        R"({"field":"session.token","notEquals":"def"},{"field":"code","atLeast":4711}]}}})";

    KnownSecrets() : known(*entries.service(kGiven, nullptr)) {}

    [[nodiscard]] HttpProbeSpec probe_of(std::string const& probe) const {
        auto const spec = entries.service(R"({"probe":)" + probe + "}", &known);
        EXPECT_TRUE(spec) << probe << ": " << (spec ? "" : spec.error().message);
        return spec ? std::get<HttpProbeSpec>(spec->probe) : HttpProbeSpec{};
    }

    [[nodiscard]] std::string refusal(std::string const& probe, bool is_known = true) const {
        auto const spec =
            entries.service(R"({"project":"shop","name":"web","probe":)" + probe + "}",
                            is_known ? &known : nullptr);
        EXPECT_FALSE(spec) << probe;
        return spec ? "" : spec.error().message;
    }

    ServiceSpec known;
};

TEST_F(KnownSecrets, StandWhereTheyReadAsStars) {
    auto const probe = probe_of(
        R"({"http":["https://***@h/?key=***&a=1","https://i:8443/"],"method":"POST",)"
        R"("headers":{"x-key":"***","New":"new"},"body":"***","expect":{"json":[)"
        R"({"equals":"***","field":"session.token"},{"field":"session.token","notEquals":"***"},)"
        R"({"field":"code","atLeast":"***"}]}})");
    auto const& before = std::get<HttpProbeSpec>(known.probe);
    EXPECT_EQ(probe.url, before.url);
    EXPECT_EQ(probe.more_urls, before.more_urls);
    EXPECT_EQ(probe.headers, (std::vector<HttpHeader>{{"x-key", "hunter2"}, {"New", "new"}}));
    EXPECT_EQ(probe.body, "secret");
    EXPECT_EQ(probe.expect, before.expect);
}

TEST_F(KnownSecrets, StayWithOtherPathsAndFewerHosts) {
    auto const probe =
        probe_of(R"({"http":"https://***@h/other?b=2&key=***","headers":{"X-Key":"***"}})");
    EXPECT_EQ(probe.url, *parse_url("https://me:pw@h/other?b=2&key=hush"));
    EXPECT_EQ(probe.headers.front().value, "hunter2");
    EXPECT_EQ(probe_of(R"({"http":"https://me:***@h/"})").url.user_info, "me:pw");
    EXPECT_EQ(probe_of(R"({"http":"https://you:new@elsewhere/"})").url.user_info, "you:new");
}

TEST_F(KnownSecrets, GoNowhereElse) {
    constexpr auto kWhile =
        ": *** stands for the known value only while scheme, host, port and TLS options are as "
        "before: write the secret itself";
    for (auto const* url :
         {R"("http://h/")", R"("https://elsewhere/")", R"("https://h:8443/")",
          R"(["https://h/","https://elsewhere/"])", R"("https://h.elsewhere/")"}) {
        EXPECT_EQ(refusal(R"({"headers":{"X-Key":"***"},"http":)" + std::string(url) + "}"),
                  "'X-Key'" + std::string(kWhile))
            << url;
    }
    for (auto const* tls : {R"({"verify":false})", R"({"serverName":"elsewhere"})"}) {
        EXPECT_EQ(refusal(R"({"http":"https://h/","headers":{"X-Key":"***"},"tls":)" +
                          std::string(tls) + "}"),
                  "'X-Key'" + std::string(kWhile))
            << tls;
    }
    EXPECT_EQ(probe_of(R"({"http":"https://h/","headers":{"X-Key":"***"},"tls":{"verify":true}})")
                  .headers.front()
                  .value,
              "hunter2");
    EXPECT_EQ(refusal(R"({"http":"https://***@elsewhere/"})"), "'http'" + std::string(kWhile));
    EXPECT_EQ(refusal(R"({"http":"https://elsewhere/?key=***"})"), "'http'" + std::string(kWhile));
    EXPECT_EQ(refusal(R"({"http":"https://elsewhere/","method":"POST","body":"***"})"),
              "'body'" + std::string(kWhile));
    EXPECT_EQ(refusal(R"({"http":"https://elsewhere/","expect":{"json":)"
                      R"({"field":"session.token","equals":"***"}}})"),
              "'equals'" + std::string(kWhile));
}

TEST_F(KnownSecrets, AreNotMadeUp) {
    constexpr auto kNone =
        ": *** stands for a value that is known, and there is none: write the secret itself";
    for (auto const* probe :
         {R"({"http":"https://h/","headers":{"Other":"***"}})",
          R"({"http":"https://i:8443/?key=***"})", R"({"http":"https://you:***@h/"})",
          R"({"http":"https://h/","expect":{"json":)"
          R"([{"field":"api_key","equals":"***"}]}})",
          R"({"http":"https://h/","expect":{"json":)"
          R"([{"field":"code","atMost":"***"}]}})"}) {
        auto const message = refusal(probe);
        EXPECT_NE(message.find(kNone), std::string::npos) << probe << ": " << message;
    }
    for (auto const* probe :
         {R"({"http":"https://h/","headers":{"X-Key":"***"}})", R"({"http":"https://***@h/"})"}) {
        auto const message = refusal(probe, false);
        EXPECT_NE(message.find(kNone), std::string::npos) << probe << ": " << message;
    }
    // Every mistake at once, each naming its field.
    auto const message = refusal(R"({"http":"https://h/","headers":{"A":"***","B":"***"},"ip":5})");
    for (auto const* part : {"'A': ***", "'B': ***", "'ip' wants"}) {
        EXPECT_NE(message.find(part), std::string::npos) << part << ": " << message;
    }
}

TEST_F(KnownSecrets, AreTextWhereNothingIsHidden) {
    auto const probe = probe_of(
        R"({"http":"https://h/***?a=***","expect":{"body":"***","json":{"field":"stars","equals":"***"}}})");
    EXPECT_EQ(probe.url.target, "/***?a=***");
    EXPECT_EQ(probe.expect.body, "***");
    EXPECT_EQ(probe.expect.json.front().value, JsonScalar(std::string("***")));
}

TEST_F(KnownSecrets, AreFoundForARegistrationByItsNames) {
    ApiEntries const knowing({}, project_named,
                             [this](std::string_view project, std::string_view name) {
                                 return project == "shop" && name == "web" ? &known : nullptr;
                             });
    constexpr auto kProbe = R"("probe":{"http":"https://h/","headers":{"X-Key":"***"}}})";
    EXPECT_TRUE(
        knowing.service(R"({"project":"shop","name":"web",)" + std::string(kProbe), nullptr));
    EXPECT_FALSE(
        knowing.service(R"({"project":"shop","name":"db",)" + std::string(kProbe), nullptr));
    EXPECT_FALSE(
        knowing.service(R"({"project":"bank","name":"web",)" + std::string(kProbe), nullptr));
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
