#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "answer_reading.hpp"

namespace muster {
namespace {

/// Lines and bits that answers are made of, right and wrong ones.
rc::Gen<std::string> piece_of_answer() {
    return rc::gen::weightedOneOf<std::string>({
        {6, rc::gen::elementOf(std::vector<std::string>{"HTTP/1.1 200 OK\r\n",
                                                        "HTTP/1.0 503 \n",
                                                        "HTTP/1.1 100 Continue\r\n\r\n",
                                                        "Content-Length: 5\r\n",
                                                        "Content-Length: 0\r\n",
                                                        "Content-Length: 70000\r\n",
                                                        "Transfer-Encoding: chunked\r\n",
                                                        "Transfer-Encoding: gzip\r\n",
                                                        "Connection: close\r\n",
                                                        "Connection: keep-alive\r\n",
                                                        "Content-Type: application/json\r\n",
                                                        "Keep-Alive: timeout=5, max=1\r\n",
                                                        " folded\r\n",
                                                        "X: y\r\n",
                                                        "\r\n",
                                                        "\n",
                                                        "5\r\n",
                                                        "hello",
                                                        "hello\r\n",
                                                        "0\r\n",
                                                        "0\r\n\r\n",
                                                        "{}",
                                                        "\r"})},
        {1, rc::gen::container<std::string>(rc::gen::arbitrary<char>())},
    });
}

rc::Gen<std::string> answer_like_text() {
    auto const joined = [](std::vector<std::string> const& pieces) {
        std::string text;
        for (auto const& piece : pieces) {
            text += piece;
        }
        return text;
    };
    auto const tail =
        rc::gen::map(rc::gen::container<std::vector<std::string>>(piece_of_answer()), joined);
    return rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 4), tail), [](auto const& parts) {
        return (parts.first == 0 ? "" : "HTTP/1.1 200 OK\r\n") + parts.second;
    });
}

void expect_same(ReadAnswer const& left, ReadAnswer const& right) {
    RC_ASSERT(left.ended == right.ended);
    RC_ASSERT(left.failed == right.failed);
    if (!left.failed) {  // what was wrong is quoted as far as it had come
        RC_ASSERT(left.status == right.status);
        RC_ASSERT(left.body == right.body);
        RC_ASSERT(left.rest == right.rest);
        RC_ASSERT(left.may_keep == right.may_keep);
        RC_ASSERT(left.error == right.error);
    }
}

RC_GTEST_PROP(AnswerParserProperty, PiecesOfAnySizeReadAlike, ()) {
    auto const text = *answer_like_text();
    auto const whole = read_answer(text);
    expect_same(read_answer(text, 1), whole);
    expect_same(read_answer(text, *rc::gen::inRange<std::size_t>(2, 40)), whole);
}

/// An answer built by the book comes back as it was meant.
RC_GTEST_PROP(AnswerParserProperty, ReadsWhatWasWritten, ()) {
    auto const status = *rc::gen::inRange(200, 600);
    auto const body = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    auto const framing = *rc::gen::inRange(0, 3);
    std::string text = "HTTP/1.1 " + std::to_string(status) + " Because\r\n";
    if (framing == 0) {
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    } else if (framing == 1) {
        text += "\r\n" + body;
    } else {
        text += "Transfer-Encoding: chunked\r\n\r\n";
        for (std::size_t at = 0; at < body.size();) {
            auto const size = std::min(*rc::gen::inRange<std::size_t>(1, 20), body.size() - at);
            char hex[17];
            std::snprintf(hex, sizeof hex, "%zx", size);
            text.append(hex).append("\r\n").append(body, at, size).append("\r\n");
            at += size;
        }
        text += "0\r\n\r\n";
    }
    auto const read = read_answer(text, *rc::gen::inRange<std::size_t>(1, 64));
    RC_ASSERT(read.ended && !read.failed);
    RC_ASSERT(read.status == status);
    if (status != 204 && status != 304) {
        RC_ASSERT(read.body == body);
        RC_ASSERT(read.may_keep == (framing != 1));
    }
}

}  // namespace
}  // namespace muster
