#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "answer_reading.hpp"

namespace muster {
namespace {

using namespace std::string_literals;

struct Case {
    std::string name;
    std::string text;
    std::uint16_t status{0};
    std::string body;
    bool may_keep{false};
};

std::vector<Case> whole_answers() {
    return {
        {"length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", true},
        {"no_reason", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", 200, "ok", true},
        {"empty_reason", "HTTP/1.1 503 \r\nContent-Length: 0\r\n\r\n", 503, "", true},
        {"bare_line_feeds", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200, "ok", true},
        {"odd_case_and_blanks", "HTTP/1.1 200 OK\r\ncOnTeNt-LeNgTh :  2 \t\r\n\r\nok", 200, "ok",
         true},
        {"equal_lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nok",
         200, "ok", true},
        {"until_close", "HTTP/1.1 200 OK\r\n\r\nall there is", 200, "all there is", false},
        {"old_version_until_close", "HTTP/1.0 200 OK\r\n\r\nold", 200, "old", false},
        {"old_version_with_length", "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold", 200, "old",
         false},
        {"old_version_kept",
         "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 3\r\n\r\nold", 200, "old",
         true},
        {"asked_to_close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
         200, "x", false},
        {"close_among_others",
         "HTTP/1.1 200 OK\r\nConnection: upgrade, CLOSE\r\nContent-Length: 1\r\n\r\nx", 200, "x",
         false},
        {"last_request",
         "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=0\r\nContent-Length: 1\r\n\r\nx", 200, "x",
         false},
        {"no_content", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204, "", true},
        {"not_modified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, "", true},
        {"switching", "HTTP/1.1 101 Switching Protocols\r\n\r\n", 101, "", false},
        {"chunked",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n3;x=\"y\"\r\n!!!\r\n"
         "0\r\n\r\n",
         200, "ok!!!", true},
        {"chunked_with_trailers",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\nA\r\n0123456789\r\n"
         "0\r\nDigest: 1\r\nMore: 2\r\n\r\n",
         200, "0123456789", true},
        {"chunked_beats_length",
         "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n"
         "1\r\nx\r\n0\r\n\r\n",
         200, "x", false},
        {"chunked_in_old_version",
         "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
         "1\r\nx\r\n0\r\n\r\n",
         200, "x", false},
        {"other_coding_until_close",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 1\r\n\r\nzzz", 200, "zzz",
         false},
        {"continue_first",
         "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok",
         true},
        {"hints_first",
         "HTTP/1.1 103 Early Hints\r\nContent-Length: 7\r\nConnection: close\r\n\r\n"
         "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
         200, "ok", true},
        {"folded_header_that_does_not_matter",
         "HTTP/1.1 200 OK\r\nX-Long: a\r\n b\r\nContent-Length: 2\r\n\r\nok", 200, "ok", true},
    };
}

TEST(AnswerParser, ReadsWholeAnswers) {
    for (auto const& wanted : whole_answers()) {
        auto const read = read_answer(wanted.text);
        EXPECT_TRUE(read.ended && !read.failed) << wanted.name << ": " << read.error;
        EXPECT_EQ(read.status, wanted.status) << wanted.name;
        EXPECT_EQ(read.body, wanted.body) << wanted.name;
        EXPECT_EQ(read.may_keep, wanted.may_keep) << wanted.name;
        EXPECT_EQ(read.rest, "") << wanted.name;
    }
}

TEST(AnswerParser, ReadsTheSameByteByByte) {
    for (auto const& wanted : whole_answers()) {
        auto const read = read_answer(wanted.text, 1);
        EXPECT_TRUE(read.ended && !read.failed) << wanted.name << ": " << read.error;
        EXPECT_EQ(read.status, wanted.status) << wanted.name;
        EXPECT_EQ(read.body, wanted.body) << wanted.name;
        EXPECT_EQ(read.may_keep, wanted.may_keep) << wanted.name;
    }
}

TEST(AnswerParser, LeavesWhatIsBehindTheEnd) {
    auto const read =
        read_answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n");
    EXPECT_EQ(read.body, "ok");
    EXPECT_EQ(read.rest, "HTTP/1.1 200 OK\r\n\r\n");
}

TEST(AnswerParser, SaysWhatWasThereInsteadOfHttp) {
    EXPECT_EQ(read_answer("SSH-2.0-OpenSSH_9.2p1 Debian\r\n").error,
              "not HTTP: SSH-2.0-OpenSSH_9.2p1 Debian");
    EXPECT_EQ(read_answer("HTTP/1.1 OK 200\r\n\r\n").error, "not HTTP: HTTP/1.1 OK 200");
    EXPECT_EQ(read_answer("HTTP/1.1 099 Low\r\n\r\n").error, "not HTTP: HTTP/1.1 099 Low");
    EXPECT_EQ(read_answer("HTTP/1.1 2000\r\n\r\n").error, "not HTTP: HTTP/1.1 2000");
    EXPECT_EQ(read_answer("\r\n").error, "not HTTP: it begins with an empty line");
    EXPECT_EQ(read_answer("\x15\x03\x01\x00\x02\x02\x16"s).error, "not HTTP: it speaks TLS");
    EXPECT_EQ(read_answer("\0\0\x06\x04\0\0\0\0\0\0\x05\0\0\x40\0"s).error,
              "not HTTP/1.1: it speaks HTTP/2 only");
    EXPECT_EQ(read_answer("na\xffve \xc3\xbc\0\x1b[31m\n"s).error,
              "not HTTP: na\uFFFDve \u00FC\uFFFD [31m");
    // A binary greeting has no line end, and must be recognised without one.
    EXPECT_EQ(read_answer("J\0\0\0\n5.5.5"s, 64, false).error, "not HTTP: J\uFFFD\uFFFD\uFFFD");
    EXPECT_EQ(read_answer(std::string(5000, 'x')).error, "not HTTP: " + std::string(60, 'x'));
}

TEST(AnswerParser, RefusesWrongFraming) {
    auto const error_of = [](std::string_view headers_and_body) {
        return read_answer("HTTP/1.1 200 OK\r\n" + std::string(headers_and_body)).error;
    };
    auto const not_a_number = "malformed answer: its Content-Length is not a number";
    EXPECT_EQ(error_of("Content-Length: -5\r\n\r\nhello"), not_a_number);
    EXPECT_EQ(error_of("Content-Length: +5\r\n\r\nhello"), not_a_number);
    EXPECT_EQ(error_of("Content-Length: 5 bytes\r\n\r\nhello"), not_a_number);
    EXPECT_EQ(error_of("Content-Length: 0x5\r\n\r\nhello"), not_a_number);
    EXPECT_EQ(error_of("Content-Length: 5\0\r\n\r\nhello"s), not_a_number);
    EXPECT_EQ(error_of("Content-Length: 18446744073709551616\r\n\r\nhello"),
              "malformed answer: its Content-Length is too large");
    EXPECT_EQ(error_of("Content-Length: -18446744073709551616\r\n\r\nhello"), not_a_number);
    EXPECT_EQ(error_of("Content-Length:\r\n\r\nhello"),
              "malformed answer: its Content-Length is empty");
    EXPECT_EQ(error_of("Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
              "malformed answer: it has two different Content-Lengths");
    EXPECT_EQ(error_of("Content-Length: 5, 6\r\n\r\nhello"),
              "malformed answer: it has two different Content-Lengths");
    EXPECT_EQ(error_of("no colon here\r\n\r\n"),
              "malformed answer: it has a header line without a colon");
    EXPECT_EQ(error_of(": nameless\r\n\r\n"), "malformed answer: it has a header without a name");
    EXPECT_EQ(error_of("Transfer-Encoding: gzip,\r\n chunked\r\n\r\n"),
              "malformed answer: a header that matters is folded");
    auto const chunked = [&](std::string_view body) {
        return error_of("Transfer-Encoding: chunked\r\n\r\n" + std::string(body));
    };
    EXPECT_EQ(chunked("x\r\n"), "malformed answer: a chunk's size is not a number");
    EXPECT_EQ(chunked("-1\r\n"), "malformed answer: a chunk's size is not a number");
    EXPECT_EQ(chunked("\r\n"), "malformed answer: a chunk's size is not a number");
    EXPECT_EQ(chunked("0x1\r\nx\r\n"), "malformed answer: a chunk's size is not a number");
    EXPECT_EQ(chunked("11111111111111111\r\n"), "malformed answer: a chunk's size is too large");
    EXPECT_EQ(chunked("1\r\nxx\r\n0\r\n\r\n"), "malformed answer: a chunk is longer than it says");
}

TEST(AnswerParser, BoundsWhatIsNoBody) {
    auto const error = "the answer's headers are longer than 64 KiB";
    std::string const head = "HTTP/1.1 200 OK\r\n";
    std::string many = head;
    for (int line = 0; line < 5000; ++line) {
        many += "X-Header-" + std::to_string(line) + ": y\r\n";
    }
    EXPECT_EQ(read_answer(many, 1000, false).error, error);
    EXPECT_EQ(read_answer(head + "X: " + std::string(70'000, 'y'), 1000, false).error, error);
    std::string interim;
    for (int count = 0; count < 5000; ++count) {
        interim += "HTTP/1.1 100 Continue\r\n\r\n";
    }
    EXPECT_EQ(read_answer(interim, 1000, false).error,
              "the interim answers (1xx) are longer than 64 KiB");
    std::string trailers = head + "Transfer-Encoding: chunked\r\n\r\n0\r\n";
    for (int count = 0; count < 9000; ++count) {
        trailers += "X: yyyy\r\n";
    }
    EXPECT_EQ(read_answer(trailers, 1000, false).error,
              "the answer's trailers are longer than 64 KiB");
    auto const extension = head + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(70'000, 'x');
    EXPECT_EQ(read_answer(extension, 1000, false).error,
              "malformed answer: a chunk's first line is longer than 64 KiB");
}

/// A server that writes row by row: what frames the rows may be more than they are.
TEST(AnswerParser, ReadsABodyOfAnyNumberOfChunks) {
    std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int count = 0; count < 100'000; ++count) {
        text += "1\r\nx\r\n";
    }
    auto const read = read_answer(text + "0\r\n\r\n", 1000);
    EXPECT_TRUE(read.ended && !read.failed) << read.error;
    EXPECT_EQ(read.body, std::string(100'000, 'x'));
}

TEST(AnswerParser, KnowsThatAnAnswerIsNotWhole) {
    for (auto const* text :
         {"", "HT", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n",
          "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfour",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"}) {
        auto const read = read_answer(text, 1024);
        EXPECT_FALSE(read.ended) << text;
        EXPECT_EQ(read.error, "closed") << text;
    }
}

AnswerParser parsed(std::string_view text, bool to_head = false) {
    AnswerParser parser;
    parser.reset(to_head);
    while (!text.empty() && !parser.ended()) {
        text.remove_prefix(parser.feed(text).used);
    }
    return parser;
}

TEST(AnswerParser, ExpectsNoBodyAfterAHead) {
    for (auto const* headers : {"Content-Length: 500\r\n", "Transfer-Encoding: chunked\r\n", ""}) {
        auto const parser = parsed("HTTP/1.1 200 OK\r\n" + std::string(headers) + "\r\n", true);
        EXPECT_TRUE(parser.ended()) << headers;
        EXPECT_FALSE(parser.failed()) << headers;
        EXPECT_TRUE(parser.may_keep_connection()) << headers;
    }
}

TEST(AnswerParser, KeepsWhereARedirectPoints) {
    auto const location = [](std::string_view status, std::string_view headers) {
        return parsed("HTTP/1.1 " + std::string(status) + " X\r\n" + std::string(headers) +
                      "Content-Length: 0\r\n\r\n")
            .head()
            .location;
    };
    EXPECT_EQ(location("302", "LOCATION: \t/a b?c \r\n"), "/a b?c");
    EXPECT_EQ(location("308", "Location: /a\r\nLocation: /b\r\n"), "/a");
    EXPECT_EQ(location("302", "Location:\r\n"), "");
    EXPECT_EQ(location("201", "Location: /a\r\n"), "");
    EXPECT_EQ(location("503", "Location: /a\r\n"), "");
    EXPECT_EQ(
        parsed("HTTP/1.1 103 Hints\r\nLocation: /a\r\n\r\nHTTP/1.1 302 X\r\n\r\n").head().location,
        "");
}

TEST(AnswerParser, SeesACodingOfTheBody) {
    auto const compressed = [](std::string_view coding) {
        return parsed("HTTP/1.1 200 OK\r\nContent-Encoding: " + std::string(coding) +
                      "\r\nContent-Length: 0\r\n\r\n")
            .head()
            .compressed;
    };
    EXPECT_TRUE(compressed("gzip"));
    EXPECT_TRUE(compressed("identity, br"));
    EXPECT_FALSE(compressed("Identity"));
    EXPECT_FALSE(compressed(""));
}

TEST(AnswerParser, SeesJsonByContentType) {
    auto const is_json = [](std::string_view type) {
        return read_answer("HTTP/1.1 200 OK\r\nContent-Type: " + std::string(type) +
                           "\r\nContent-Length: 0\r\n\r\n")
            .is_json;
    };
    EXPECT_TRUE(is_json("application/json"));
    EXPECT_TRUE(is_json("Application/JSON ; charset=utf-8"));
    EXPECT_TRUE(is_json("application/vnd.spring-boot.actuator.v3+json"));
    EXPECT_TRUE(is_json("text/json"));
    EXPECT_FALSE(is_json("text/plain"));
    EXPECT_FALSE(is_json("application/jsonlines"));
    EXPECT_FALSE(is_json("+json"));
    EXPECT_FALSE(is_json(""));
}

TEST(AnswerParser, ReadsHowLongThePeerKeepsAConnection) {
    AnswerParser parser;
    parser.reset();
    std::string_view const text =
        "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=97\r\nContent-Length: 0\r\n\r\n";
    EXPECT_EQ(parser.feed(text).used, text.size());
    EXPECT_EQ(parser.head().keep_alive_timeout, Millis(5s));
    EXPECT_EQ(parser.head().keep_alive_max, 97U);
    EXPECT_TRUE(parser.may_keep_connection());
}

}  // namespace
}  // namespace muster
