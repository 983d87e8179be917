#include <muster/config/write_configuration.hpp>

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/config/load.hpp>

namespace muster::config {
namespace {

Checked<Configuration> read_back(std::string text) {
    LoadInput input;
    input.file_text = std::move(text);
    return load(input);
}

std::string first_mistake(Checked<Configuration> const& configuration) {
    return configuration ? "" : to_text(configuration.error().front());
}

TEST(WriteConfiguration, TheDefaultsAreReadAgain) {
    auto const text = to_yaml(write_configuration({}));
    auto const read = read_back(text);
    ASSERT_TRUE(read) << first_mistake(read) << "\n" << text;
    EXPECT_EQ(*read, Configuration{});
}

TEST(WriteConfiguration, AProjectWithoutUrlIsReadAgain) {
    LoadInput input;
    input.file_text =
        "projects:\n  - { name: a, services: [ { name: b, probe: { tcp: \"h:1\" } } ] }\n";
    auto const configuration = load(input);
    ASSERT_TRUE(configuration);
    ASSERT_EQ(configuration->projects.size(), 1U);
    auto const& project = configuration->projects.front();
    EXPECT_EQ(project.url, Url{});
    EXPECT_FALSE(project.metrics);
    ASSERT_EQ(project.services.size(), 1U);
    EXPECT_EQ(project.services.front().name, "b");
    LoadInput again;
    again.file_text = to_yaml(write_configuration(*configuration));
    EXPECT_EQ(load(again).value(), *configuration);
}

TEST(WriteConfiguration, RedisIsToldWithoutItsPassword) {
    auto const configuration = read_back("redis: { url: \"redis://r:6380/2\" }\n");
    ASSERT_TRUE(configuration) << first_mistake(configuration);
    EXPECT_EQ(configuration->redis, (RedisAddress{"r", 6380, "", "", "", 2}));
    EXPECT_EQ(read_back(to_yaml(write_configuration(*configuration))).value(), *configuration);

    auto secret = *configuration;
    secret.redis->password = "hunter2";
    auto const text = to_yaml(write_configuration(secret));
    EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
    EXPECT_NE(text.find("redis://***@r:6380/2"), std::string::npos) << text;
    EXPECT_NE(first_mistake(read_back(text)).find("secret itself"), std::string::npos);
    EXPECT_EQ(to_yaml(write_configuration({})).find("redis"), std::string::npos);
}

TEST(WriteConfiguration, WhoMayProbeIsToldAndTakenBack) {
    auto configuration = read_back("auth: { probe: open }\n");
    ASSERT_TRUE(configuration) << first_mistake(configuration);
    auto const text = to_yaml(write_configuration(*configuration));
    EXPECT_NE(text.find("probe: open"), std::string::npos) << text;
    EXPECT_NE(to_yaml(write_configuration({})).find("probe: guarded"), std::string::npos);
    EXPECT_EQ(read_back(text).value(), *configuration);
}

TEST(WriteConfiguration, ShardsAreToldAndTakenBack) {
    auto const configuration = read_back("hub: { shards: 64 }\n");
    ASSERT_TRUE(configuration) << first_mistake(configuration);
    EXPECT_EQ(configuration->hub.shards, 64U);
    auto const text = to_yaml(write_configuration(*configuration));
    EXPECT_NE(text.find("shards: 64"), std::string::npos) << text;
    EXPECT_EQ(read_back(text).value(), *configuration);
}

TEST(WriteConfiguration, SecretsAreMasked) {
    auto configuration = read_back(R"(
auth: { token: hunter2 }
projects:
  - name: shop
    url: http://me:hunter2@h/
    services:
      - name: web
        probe: { http: ["http://me:hunter2@h/x", "http://i"], method: POST, body: hunter2,
                 headers: { X-Key: hunter2 } }
)");
    ASSERT_TRUE(configuration) << first_mistake(configuration);
    auto const text = to_yaml(write_configuration(*configuration));
    EXPECT_EQ(text.find("hunter"), std::string::npos) << text;
    EXPECT_NE(text.find("token: \"***\""), std::string::npos) << text;
    EXPECT_NE(text.find("url: \"http://***@h/\""), std::string::npos) << text;
    EXPECT_NE(text.find("X-Key: \"***\""), std::string::npos) << text;
    EXPECT_NE(text.find("body: \"***\""), std::string::npos) << text;
}

TEST(WriteConfiguration, MasksAreNeverReadBackAsSecrets) {
    auto const configuration = read_back(R"(
auth: { token: hunter2 }
projects:
  - name: shop
    url: http://me:hunter2@h/
    healthPath: /health?token=hunter2
    metricsPath: /metrics?key=hunter2
    statusPath: /status?key=hunter2
    logsPath: /logs?key=hunter2
    services:
      - name: web
        probe: { http: ["http://me:hunter2@h/x", "http://i?token=hunter2"], method: POST,
                 body: hunter2, headers: { X-Key: hunter2 },
                 expect: { json: { field: token, equals: hunter2 } } }
)");
    ASSERT_TRUE(configuration) << first_mistake(configuration);
    auto const text = to_yaml(write_configuration(*configuration));
    EXPECT_EQ(text.find("hunter"), std::string::npos) << text;
    auto const again = read_back(text);
    ASSERT_FALSE(again);
    std::vector<std::string> wanted;
    for (auto const& mistake : again.error()) {
        auto const of = mistake.message.find(" wants the secret itself: *** only stands for it");
        ASSERT_NE(of, std::string::npos) << mistake.message;
        wanted.push_back(mistake.message.substr(0, of));
    }
    EXPECT_EQ(wanted, (std::vector<std::string>{"'token'", "'url'", "'healthPath'", "'metricsPath'",
                                                "'statusPath'", "'logsPath'", "'http'", "'http'",
                                                "'X-Key'", "'body'", "'equals'"}));
}

TEST(WriteConfiguration, WhatASecretFieldOfAnAnswerMustBeIsMasked) {
    auto const configuration = read_back(R"(
projects:
  - name: shop
    url: http://h/
    services:
      - name: web
        probe:
          http: http://h/x
          expect:
            json:
              - { field: session.token, equals: hunter2 }
              - { field: api_key, notEquals: hunter3 }
              - { field: code, atLeast: 4711 }
              - { field: jwt, exists: false }
              - { field: db.ok, equals: true }
)");
    ASSERT_TRUE(configuration) << first_mistake(configuration);
    auto const text = to_yaml(write_configuration(*configuration));
    EXPECT_EQ(text.find("hunter"), std::string::npos) << text;
    EXPECT_EQ(text.find("4711"), std::string::npos) << text;
    EXPECT_NE(text.find("exists: false"), std::string::npos) << text;
    EXPECT_NE(text.find("equals: true"), std::string::npos) << text;
}

}  // namespace
}  // namespace muster::config
