#include <muster/codec/history_text.hpp>

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

constexpr WallTime kAt{Millis(1'700'000'000'000)};

CheckRow check_row(std::string error) {
    CheckRow row;
    row.project = "shop";
    row.service = "app";
    row.status = HealthStatus::up;
    row.last_check = kAt;
    row.recorded_at = kAt + 12ms;
    row.uptime_percent = 99.5;
    row.response_time = 12ms;
    row.error = std::move(error);
    return row;
}

TEST(HistoryText, AsATableHasAHeaderAndQuotesWhatMustBe) {
    HistoryText text(HistoryFormat::csv, HistoryText::Rows::checks);
    text.add(check_row(""));
    text.add(check_row("expected \"ok\", got\nnothing"));
    EXPECT_EQ(text.rows(), 2U);
    EXPECT_EQ(text.take(),
              "projectName,serviceName,status,lastCheck,uptimePercentage,responseTimeMs,"
              "errorMessage,recordedAt\r\n"
              "shop,app,healthy,2023-11-14T22:13:20.000Z,99.5,12,,2023-11-14T22:13:20.012Z\r\n"
              "shop,app,healthy,2023-11-14T22:13:20.000Z,99.5,12,"
              "\"expected \"\"ok\"\", got\nnothing\",2023-11-14T22:13:20.012Z\r\n");
}

TEST(HistoryText, OfBucketsLeavesOutWhatNoCheckTold) {
    HistoryText text(HistoryFormat::csv, HistoryText::Rows::buckets);
    BucketRow row;
    row.service = "app";
    row.bucket.from = kAt;
    row.bucket.to = kAt + 1h;
    row.bucket.unobserved = 1h;
    text.add(row);
    add_check(row.bucket.seen, HealthStatus::down, Micros(1'500));
    text.add(row);
    auto const table = text.take();
    EXPECT_NE(table.find("app,0,0,0,0,3600000,,,,,\r\n"), std::string::npos) << table;
    EXPECT_NE(table.find("app,1,0,0,1,3600000,1.5,"), std::string::npos) << table;
}

TEST(HistoryText, AsLinesHasOneObjectALine) {
    HistoryText text(HistoryFormat::ndjson, HistoryText::Rows::checks);
    text.add(check_row(""));
    text.add(check_row("two\nlines"));
    auto const lines = text.take();
    EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2);
    EXPECT_EQ(lines.front(), '{');
    EXPECT_NE(lines.find("two\\nlines"), std::string::npos);
}

TEST(HistoryText, WithoutRowsIsWhole) {
    EXPECT_EQ(HistoryText(HistoryFormat::json, HistoryText::Rows::checks).take(), "[]");
    EXPECT_EQ(HistoryText(HistoryFormat::ndjson, HistoryText::Rows::checks).take(), "");
    EXPECT_EQ(HistoryText(HistoryFormat::csv, HistoryText::Rows::buckets).take().substr(0, 8),
              "from,to,");
}

}  // namespace
}  // namespace muster
