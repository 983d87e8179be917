#include <muster/codec/envelope_json.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

constexpr WallTime kTime{Millis(1'795'326'900'123)};

TEST(EnvelopeJson, WrapsData) {
    EXPECT_EQ(std::string(envelope_head()) + "{}" + envelope_tail(kTime),
              R"({"success":true,"data":{},"timestamp":"2026-11-22T05:55:00.123Z"})");
    EXPECT_EQ(std::string(envelope_head()) + "[]" + envelope_tail(12, kTime),
              R"({"success":true,"data":[],"total":12,"timestamp":"2026-11-22T05:55:00.123Z"})");
}

TEST(EnvelopeJson, TellsErrors) {
    EXPECT_EQ(error_envelope("No metrics found for project: \"x\"", "NOT_FOUND", kTime),
              R"({"success":false,"error":"No metrics found for project: \"x\"",)"
              R"("code":"NOT_FOUND","timestamp":"2026-11-22T05:55:00.123Z"})");
}

TEST(EnvelopeJson, TellsHealthAndReadiness) {
    EXPECT_EQ(health_json(Millis(12'345), kTime),
              R"({"status":"healthy","uptime":12.345,"timestamp":"2026-11-22T05:55:00.123Z"})");
    EXPECT_EQ(ready_json(""), R"({"ready":true})");
    EXPECT_EQ(ready_json("Database not ready"), R"({"ready":false,"error":"Database not ready"})");
}

}  // namespace
}  // namespace muster
