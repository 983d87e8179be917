#include <muster/importing/import_kuma.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "read_back.hpp"

namespace muster::importing {
namespace {

using Ranges = std::vector<StatusRange>;

Imported monitor(std::string const& fields) {
    return imported(import_kuma(
        R"({"monitorList":[{"id":1,"name":"one","active":true,"interval":60,)" + fields + "}]}",
        "k.json"));
}

ServiceSpec service(Imported const& made) {
    return service_of(read_back(made), "kuma", "one");
}

TEST(ImportKuma, TakesARealBackupAndTellsWhatItCannotTake) {
    auto const made = imported(import_kuma(fixture("kuma_backup.json"), "kuma.json"));
    auto const read = read_back(made);
    EXPECT_EQ(made.carried, 3U);
    EXPECT_EQ(made.partly, 1U);
    EXPECT_EQ(made.missing, 4U);
    ASSERT_EQ(read.projects.size(), 2U);

    auto const checkout = service_of(read, "Shop", "Checkout");
    auto const& http = std::get<HttpProbeSpec>(checkout.probe);
    EXPECT_EQ(http.url.host, "shop.example.org");
    EXPECT_EQ(http.url.user_info, "probe:p%40ss%20word");
    EXPECT_EQ(http.headers,
              (std::vector<HttpHeader>{{"Accept", "text/html"}, {"X-Shop-Key", "key-4711"}}));
    EXPECT_EQ(http.expect.body, "Pay now");
    EXPECT_EQ(http.expect.status, (Ranges{{200, 299}, {304, 304}}));
    EXPECT_FALSE(http.tls.verify);
    EXPECT_EQ(http.redirects, 5);
    EXPECT_EQ(checkout.policy.interval, 60s);
    EXPECT_EQ(checkout.policy.timeout, 48s);
    EXPECT_EQ(checkout.policy.failure_threshold, 3U);
    EXPECT_EQ(checkout.tags, (std::vector<std::string>{"region:eu", "money"}));
    EXPECT_EQ(checkout.metadata.at("description"), "the way to the money");
    EXPECT_EQ(checkout.metadata.at("name"), "Checkout \xF0\x9F\x9B\x92");

    auto const orders = service_of(read, "Shop", "Orders");
    auto const& query = std::get<HttpProbeSpec>(orders.probe);
    EXPECT_EQ(orders.group, "Backend");
    EXPECT_EQ(orders.policy.timeout, 16s);
    EXPECT_EQ(query.body, R"({"limit": 1})");
    EXPECT_EQ(query.headers, (std::vector<HttpHeader>{{"Content-Type", "application/json"}}));
    EXPECT_EQ(query.expect.json,
              (std::vector<JsonCondition>{{"state.code", JsonTest::at_most, 3.0}}));
    EXPECT_EQ(service_of(read, "Shop", "Orders-2").probe,
              ProbeSpec(TcpProbeSpec{{"2001:db8::5", 8080}, IpFamily::any}));

    auto const database = service_of(read, "kuma", "Database");
    EXPECT_EQ(database.type, ServiceType::database);
    EXPECT_EQ(database.probe, ProbeSpec(TcpProbeSpec{{"db.example.org", 5432}, IpFamily::any}));
    EXPECT_EQ(made.yaml.find("not-to-be-shown"), std::string::npos);
    EXPECT_EQ(made.yaml.find("key-4711"), std::string::npos);
    EXPECT_EQ(made.yaml.find("p%40ss"), std::string::npos);
}

TEST(ImportKuma, SaysWhatAndWhy) {
    auto const texts =
        texts_of(imported(import_kuma(fixture("kuma_backup.json"), "kuma.json")).notes);
    for (auto const* text :
         {"partly kuma.json:3: notifications: are not sent",
          "told kuma.json:12: Shop/Checkout \xF0\x9F\x9B\x92: retryInterval: is 1, 2, then 4 s "
          "here",
          "partly kuma.json:41: Database: type postgres: is a TCP check here",
          "missing kuma.json:46: Gateway: type ping: Muster has no check of this kind yet",
          "missing kuma.json:47: Backup: type push: Muster has no check of this kind yet",
          "missing kuma.json:48: Paused: active: it is paused there",
          "missing kuma.json:49: Must be away: upsideDown: it is up while its target is not"}) {
        EXPECT_TRUE(std::any_of(texts.begin(), texts.end(),
                                [text](std::string const& told) { return told.find(text) == 0; }))
            << text << "\n"
            << texts.front() << "\n"
            << texts.back();
    }
}

TEST(ImportKuma, ColumnsOfTheDatabaseMeanTheSame) {
    auto const made = monitor(
        R"("type":"keyword","url":"https://h/","keyword":"x","ignore_tls":"1","upside_down":"0",)"
        R"("accepted_statuscodes_json":"[\"200-299\",\"404\"]","retry_interval":"0",)"
        R"("maxretries":"1","maxredirects":"0","ip_family":"ipv6","method":"post","body":"<a/>",)"
        R"("http_body_encoding":"xml","auth_method":"bearer","bearer_token":"b-token")");
    EXPECT_EQ(made.notes, std::vector<Note>{});
    auto const one = service(made);
    auto const& http = std::get<HttpProbeSpec>(one.probe);
    EXPECT_FALSE(http.tls.verify);
    EXPECT_EQ(http.expect.status, (Ranges{{200, 299}, {404, 404}}));
    EXPECT_EQ(http.redirects, 0);
    EXPECT_EQ(http.ip, IpFamily::v6);
    EXPECT_EQ(http.headers, (std::vector<HttpHeader>{{"Authorization", "Bearer b-token"},
                                                     {"Content-Type", "text/xml; charset=utf-8"}}));
    EXPECT_EQ(one.policy.failure_threshold, 2U);
    EXPECT_EQ(made.yaml.find("b-token"), std::string::npos);
}

TEST(ImportKuma, WhatIsLostIsTold) {
    for (
        auto const* fields :
        {R"("type":"keyword","url":"http://h","keyword":"x","invertKeyword":true)",
         R"("type":"json-query","url":"http://h","jsonPath":"$sum(a) + 1","expectedValue":"1")",
         R"("type":"json-query","url":"http://h","jsonPath":"a","jsonPathOperator":"contains","expectedValue":"1")",
         R"("type":"http","url":"http://h","headers":"no json")",
         R"("type":"http","url":"http://h","body":"{}")",
         R"("type":"http","url":"http://h","authMethod":"ntlm")",
         R"("type":"http","url":"http://h","accepted_statuscodes":["2xx"])",
         R"("type":"http","url":"http://h","proxyId":3)",
         R"("type":"http","url":"http://h","cacheBust":true)",
         R"("type":"http","url":"http://h","tlsCa":"-----BEGIN")",
         R"("type":"http","url":"http://h","maxredirects":50)",
         R"("type":"real-browser","url":"http://h")", R"("type":"smtp","hostname":"h")",
         R"("type":"mqtt","hostname":"mqtt://h")",
         R"("type":"redis","databaseConnectionString":"rediss://:p@h")",
         R"("type":"mysql","databaseConnectionString":"mysql://u:p@[::1]:1/x")"}) {
        auto const made = monitor(fields);
        EXPECT_EQ(made.partly, 1U) << fields;
        (void)service(made);
    }
    for (auto const* fields :
         {R"("type":"docker")", R"("type":"dns","hostname":"h")", R"("x":1)",
          R"("type":"http","url":"http://h","method":"PATCH")", R"("type":"http","url":"nowhere")",
          R"("type":"postgres","databaseConnectionString":"Server=h")", R"("type":"postgres")",
          R"("type":"port","hostname":"h")",
          R"("type":"http","url":"http://h","forceInactive":true)"}) {
        EXPECT_EQ(monitor(fields).missing, 1U) << fields;
    }
}

TEST(ImportKuma, GroupsInARingEnd) {
    auto const made = imported(
        import_kuma(R"({"monitorList":[{"id":1,"type":"group","name":"a","parent":2},)"
                    R"({"id":2,"type":"group","name":"b","parent":1},)"
                    R"({"id":3,"type":"port","hostname":"h","port":1,"name":"x","parent":1}]})",
                    "k"));
    EXPECT_EQ(made.carried, 1U);
    EXPECT_EQ(made.projects, 1U);
    (void)read_back(made);
}

TEST(ImportKuma, MonitorsByIdAreRead) {
    auto const made = imported(import_kuma(
        R"({"monitorList":{"7":{"id":7,"type":"port","hostname":"h","port":1,"name":"x"}}})", "k"));
    EXPECT_EQ(made.carried, 1U);
}

TEST(ImportKuma, RefusesWhatIsNoBackup) {
    EXPECT_EQ(mistake_of(import_kuma("{}", "k")),
              "k:1:1: no backup of Uptime Kuma: it has no list 'monitorList'");
    EXPECT_EQ(mistake_of(import_kuma("", "k")),
              "k:1:1: no backup of Uptime Kuma: it has no list 'monitorList'");
    EXPECT_EQ(mistake_of(import_kuma(R"({"monitorList":"x"})", "k")),
              "k:1:1: no backup of Uptime Kuma: it has no list 'monitorList'");
    EXPECT_NE(mistake_of(import_kuma("{\n\"monitorList\": [", "k")), "");
    EXPECT_NE(mistake_of(import_kuma("\x7F"
                                     "ELF\x01",
                                     "k")),
              "");
    for (auto const* text : {R"({"monitorList":[1,null,[],"x",{}]})", R"({"monitorList":[]})",
                             R"({"monitorList":[{"type":{},"name":[],"tags":5,"id":{}}]})"}) {
        auto const made = import_kuma(text, "k");
        ASSERT_TRUE(made) << text;
        (void)read_back(*made);
    }
}

}  // namespace
}  // namespace muster::importing
