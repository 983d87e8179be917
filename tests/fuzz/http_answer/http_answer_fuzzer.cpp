// Whatever a server sends: the parser ends or waits for more, keeps its bounds, hands on only
// pieces of its input, and reads the same in pieces as in one; and whoever judges the answer comes
// to a verdict, in text that can be stored and shown.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <muster/base/utf8.hpp>
#include <muster/http/answer_judge.hpp>
#include <muster/http/answer_parser.hpp>
#include <muster/http/exchange.hpp>

namespace {

struct Read {
    bool failed{false};
    bool ended{false};
    std::uint16_t status{0};
    std::string body;
    std::size_t used{0};
    bool may_keep{false};
    bool is_json{false};
    bool compressed{false};
    std::string location;

    bool operator==(Read const&) const = default;
};

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

Read read(std::string_view text, std::size_t piece, bool to_head = false) {
    muster::AnswerParser parser;
    parser.reset(to_head);
    Read read;
    for (std::size_t at = 0; at < text.size() && !parser.ended(); at += piece) {
        auto input = text.substr(at, piece);
        while (!input.empty() && !parser.ended()) {
            auto const fed = parser.feed(input);
            require(fed.used <= input.size());
            require(fed.body.size() <= fed.used);
            require(fed.body.empty() ||
                    (fed.body.data() >= input.data() &&
                     fed.body.data() + fed.body.size() <= input.data() + input.size()));
            require(fed.used > 0 || parser.ended());
            read.body.append(fed.body);
            read.used += fed.used;
            input.remove_prefix(fed.used);
        }
    }
    read.ended = parser.ended() || parser.close();
    read.failed = parser.failed();
    require(!read.failed || !parser.error().empty());
    if (read.failed) {
        return {.failed = true, .ended = true};  // how far it came depends on the pieces
    }
    read.status = parser.head().status;
    read.may_keep = parser.may_keep_connection();
    read.is_json = parser.head().is_json;
    read.compressed = parser.head().compressed;
    read.location = parser.head().location;
    require(read.location.empty() || (read.status >= 300 && read.status <= 399));
    require(read.location.find_first_of("\n") == std::string::npos);
    require(!to_head || read.body.empty());
    return read;
}

muster::AnswerJudge judge_of(bool with_conditions) {
    muster::HttpExpectation expect;
    if (with_conditions) {
        expect.status = {{200, 299}, {404, 404}};
        expect.body = "o";
        expect.body_matches = "(?i)o.*[^x]";
        expect.json = {{"status", muster::JsonTest::exists, true},
                       {"a.0", muster::JsonTest::at_least, 1.0}};
    }
    return muster::AnswerJudge::make(expect).value();
}

void judge(muster::AnswerJudge const& judge, Read const& read, bool is_cut) {
    muster::HttpAnswer answer;
    answer.head.status = read.status;
    answer.head.is_json = read.is_json;
    answer.head.compressed = read.compressed;
    answer.body = read.body;
    answer.body_is_cut = is_cut;
    auto const outcome = judge.judge(answer);
    require(outcome.verdict != muster::Verdict::not_counted);
    require(outcome.error.empty() == (outcome.verdict == muster::Verdict::passed));
    require(outcome.verdict == muster::Verdict::failed || judge.accepts(read.status));
    require(outcome.word != muster::BodyWord::down || outcome.verdict == muster::Verdict::failed);
    for (auto const* text : {&outcome.error, &outcome.note}) {
        require(muster::is_valid_utf8(*text) && text->find('\0') == std::string::npos);
        require(text->size() < 400);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    std::string_view const text(reinterpret_cast<char const*>(data) + 1, size - 1);
    auto const whole = read(text, std::max<std::size_t>(text.size(), 1));
    require(read(text, 1) == whole);
    require(read(text, 1U + data[0] % 61U) == whole);
    (void)read(text, 7, true);
    if (!whole.failed && whole.ended) {
        static auto const kPlain = judge_of(false);
        static auto const kConditions = judge_of(true);
        for (bool const is_cut : {false, true}) {
            judge(kPlain, whole, is_cut);
            judge(kConditions, whole, is_cut);
        }
    }
    return 0;
}
