#include <muster/api/html_text.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

constexpr WallTime kToday{std::chrono::hours(24 * 20'000)};

TEST(HtmlText, IsEscaped) {
    std::string out;
    append_html(out, R"(<script>"a" & 'b'</script>)");
    EXPECT_EQ(out, "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;");
}

TEST(HtmlText, CutsPercentagesAndNeverRoundsThemUp) {
    EXPECT_EQ(percent_text(100), "100 %");
    EXPECT_EQ(percent_text(99.99999), "99.99 %");
    EXPECT_EQ(percent_text(99.95), "99.95 %");
    EXPECT_EQ(percent_text(99.9), "99.9 %");
    EXPECT_EQ(percent_text(0), "0 %");
}

TEST(HtmlText, TellsLengthsInTheirTwoLargestUnits) {
    EXPECT_EQ(length_text(Millis(999)), "less than 1 s");
    EXPECT_EQ(length_text(40s), "40 s");
    EXPECT_EQ(length_text(2h + 5min + 3s), "2 h 5 min");
    EXPECT_EQ(length_text(24h * 3 + 4h), "3 d 4 h");
    EXPECT_EQ(length_text(24h * 3 + 4min), "3 d");
}

TEST(HtmlText, ShowsABarADay) {
    UptimeDay yesterday;
    yesterday.from = kToday - std::chrono::days(1);
    yesterday.observed = 12h;
    yesterday.unobserved = 12h;
    yesterday.down = 6min;
    UptimeDay today;
    today.from = kToday;
    today.observed = 1h;
    std::string out;
    append_uptime_bars(out, {yesterday, today}, kToday, 3);
    auto const count = [&out](std::string_view part) {
        std::size_t found = 0;
        for (auto at = out.find(part); at != std::string::npos; at = out.find(part, at + 1)) {
            ++found;
        }
        return found;
    };
    EXPECT_EQ(count("<rect "), 3U);
    EXPECT_EQ(count(R"(class="none")"), 1U) << "the day before is not known";
    EXPECT_EQ(count(R"(class="degraded")"), 1U);
    EXPECT_EQ(count(R"(class="up")"), 1U);
    EXPECT_NE(out.find("99.16 % up, down for 6 min, 50 % observed"), std::string::npos) << out;
    EXPECT_NE(out.find(": not observed"), std::string::npos);
}

TEST(HtmlText, PagesRunNothing) {
    auto const page = html_page("a <b>", "<p>text</p>", 60);
    auto const html = page.body.text();
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_NE(html.find("<title>a &lt;b&gt;</title>"), std::string::npos);
    EXPECT_NE(html.find(R"(http-equiv="refresh" content="60")"), std::string::npos);
    EXPECT_EQ(html.find("<script"), std::string::npos);
    EXPECT_NE(page.header("Content-Security-Policy").find("default-src 'none'"),
              std::string_view::npos);
    EXPECT_EQ(html_page("a", "", 0).body.text().find("http-equiv"), std::string::npos);
}

}  // namespace
}  // namespace muster
