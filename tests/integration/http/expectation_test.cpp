#include <string>

#include "probing_test.hpp"

namespace muster {
namespace {

struct HttpExpectations : ProbingTest {
    /// The error of one probe against one answer.
    std::string error_of(HttpExpectation expect, std::string_view status, std::string_view body) {
        ScriptedServer one(loop.context());
        one.then(one_answer(status, "Content-Type: application/json\r\n", body));
        HttpProbeSpec spec{parse_url(one.url()).value()};
        spec.expect = std::move(expect);
        return run(*prepare(spec)).error;
    }
};

HttpExpectation body(std::string text) {
    HttpExpectation expect;
    expect.body = std::move(text);
    return expect;
}
HttpExpectation matches(std::string expression) {
    HttpExpectation expect;
    expect.body_matches = std::move(expression);
    return expect;
}
HttpExpectation json(JsonCondition condition) {
    HttpExpectation expect;
    expect.json = {std::move(condition)};
    return expect;
}

TEST_F(HttpExpectations, AreToldInPlainWords) {
    HttpExpectation any_2xx_or_401;
    any_2xx_or_401.status = {{200, 299}, {401, 401}};
    EXPECT_EQ(error_of(any_2xx_or_401, "401 Unauthorized", ""), "");
    EXPECT_EQ(error_of(any_2xx_or_401, "503 Busy", ""), "HTTP error: 503");
    EXPECT_EQ(error_of(body("ok"), "200 OK", "all ok"), "");
    EXPECT_EQ(error_of(body("ok"), "200 OK", "failing"), "body lacks \"ok\"");
    EXPECT_EQ(error_of(matches("^v[0-9]+$"), "200 OK", "v12"), "");
    EXPECT_EQ(error_of(matches("^v[0-9]+$"), "200 OK", "none"), "body does not match /^v[0-9]+$/");
    EXPECT_EQ(error_of(json({"db.ok", JsonTest::equals, true}), "200 OK", R"({"db":{"ok":true}})"),
              "");
    EXPECT_EQ(error_of(json({"db.ok", JsonTest::equals, true}), "200 OK", R"({"db":{"ok":false}})"),
              "db.ok is false, expected true");
    EXPECT_EQ(error_of(json({"db.ok", JsonTest::equals, true}), "200 OK", R"({"status":"up"})"),
              "db.ok is missing");
    EXPECT_EQ(error_of(json({"db.ok", JsonTest::equals, true}), "200 OK",
                       R"({"status":"down","db":{"ok":true}})"),
              "body says down");
}

TEST_F(HttpExpectations, LookFurtherIntoABodyThanAProbeWithoutThem) {
    auto const filler = std::string(200 * 1024, '.');
    EXPECT_EQ(error_of(body("ok"), "200 OK", filler + "ok"), "");
    EXPECT_EQ(error_of(json({"db.ok", JsonTest::equals, true}), "200 OK",
                       "{\"x\":\"" + filler + R"(","db":{"ok":true}})"),
              "");
}

TEST_F(HttpExpectations, SayWhereABodyWasTooLongToDecide) {
    auto const long_body = std::string(3 * 1024 * 1024, '.');
    EXPECT_EQ(error_of(body("ok"), "200 OK", long_body + "ok"),
              "body lacks \"ok\" in its first 1024 KiB");
    EXPECT_EQ(error_of(body("ok"), "200 OK", "ok" + long_body), "");
    EXPECT_EQ(error_of(matches("ok$"), "200 OK", long_body + "ok"),
              "body does not match /ok$/ in its first 1024 KiB");
    EXPECT_EQ(error_of(json({"db.ok", JsonTest::equals, true}), "200 OK",
                       R"({"db":{"ok":true},"x":")" + long_body + "\"}"),
              "body is longer than 1024 KiB: its JSON cannot be read");
}

TEST_F(HttpExpectations, HoldOfABodyThatComesInPieces) {
    server.then({step::read_request(),
                 step::send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                 step::drip("3\r\nall\r\n3\r\n ok\r\n0\r\n\r\n", 1ms), step::close()});
    auto spec = spec_of();
    spec.expect = body("all ok");
    EXPECT_EQ(run(*prepare(spec)).error, "");
}

}  // namespace
}  // namespace muster
