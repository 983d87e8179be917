#include <muster/http/answer_judge.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <muster/base/utf8.hpp>
#include <muster/codec/health_body.hpp>
#include <muster/http/exchange.hpp>

namespace muster {
namespace {

constexpr std::size_t kMaxShown = 60;  ///< Bytes of a body or expression in messages.
constexpr std::uint16_t kFirstStatus = 100;
constexpr std::uint16_t kLastStatus = 599;

bool looks_like_json_object(std::string_view body) {
    auto const start = body.find_first_not_of(" \t\r\n");
    return start != std::string_view::npos && body[start] == '{';
}

/// A body that claims to be JSON, or looks like it, has a say. What cannot be read has none, which
/// is worth a note only where it claimed to be.
void hear_body(HttpAnswer const& answer, Outcome& outcome) {
    if (!answer.head.is_json && !looks_like_json_object(answer.body)) {
        return;
    }
    if (answer.head.compressed) {
        outcome.note = "body is compressed";
        return;
    }
    if (answer.body_is_cut) {
        outcome.note = "body is too long to read";
        return;
    }
    auto opinion = judge_health_body(answer.body);
    outcome.word = opinion.word;
    if (answer.head.is_json) {
        outcome.note = std::move(opinion.note);
    }
}

void fail(Outcome& outcome, std::string error) {
    outcome.verdict = Verdict::failed;
    outcome.error = std::move(error);
}

/// ` in its first 1024 KiB` of a body that was cut.
std::string extent_of(HttpAnswer const& answer) {
    return answer.body_is_cut ? fmt::format(" in its first {} KiB", answer.body.size() / 1024)
                              : std::string();
}

std::string to_text(StatusRange const& range) {
    return range.first == range.last ? fmt::format("{}", range.first)
                                     : fmt::format("{}-{}", range.first, range.last);
}

Result<void> check_ranges(std::vector<StatusRange> const& ranges) {
    for (auto const& range : ranges) {
        if (range.first < kFirstStatus || range.last > kLastStatus || range.first > range.last) {
            return failure(Errc::invalid,
                           fmt::format("the expected status {} is no code or range of codes from "
                                       "{} to {}, such as 200 or 200-299",
                                       to_text(range), kFirstStatus, kLastStatus));
        }
    }
    return {};
}

}  // namespace

Result<AnswerJudge> AnswerJudge::make(HttpExpectation const& expect) {
    if (auto checked = check_ranges(expect.status); !checked) {
        return tl::unexpected(std::move(checked.error()));
    }
    AnswerJudge judge;
    judge.expect_ = expect;
    if (!expect.body_matches.empty()) {
        auto pattern = TextPattern::compile(expect.body_matches);
        if (!pattern) {
            return prefixed("the expression for the body", std::move(pattern.error()));
        }
        judge.pattern_ = *std::move(pattern);
    }
    auto json = JsonConditions::make(expect.json);
    if (!json) {
        return tl::unexpected(std::move(json.error()));
    }
    judge.json_ = *std::move(json);
    return judge;
}

Outcome AnswerJudge::judge(HttpAnswer const& answer) const {
    Outcome outcome;
    outcome.connection = answer.connection;
    outcome.http_status = answer.head.status;
    outcome.response_time = answer.elapsed;
    outcome.phases = answer.phases;
    outcome.certificate_expires = answer.certificate_expires;
    outcome.tls_resumed = answer.tls_resumed;
    if (answer.failure) {
        put_failure(outcome, *answer.failure);
        if (answer.failure->kind == Failure::Kind::timed_out) {
            outcome.note = fmt::format("while {}", answer.stage);
        }
        return outcome;
    }
    if (!accepts(answer.head.status)) {
        fail(outcome, wrong_status(answer.head.status));
        return outcome;
    }
    outcome.verdict = Verdict::passed;
    hear_body(answer, outcome);
    if (outcome.word == BodyWord::down) {
        fail(outcome, "body says down");
    } else if (auto wrong = needs_body() ? wrong_body(answer) : std::string(); !wrong.empty()) {
        fail(outcome, std::move(wrong));
    }
    return outcome;
}

bool AnswerJudge::accepts(std::uint16_t status) const noexcept {
    if (expect_.status.empty()) {
        return status >= 200 && status <= 299;
    }
    return std::any_of(expect_.status.begin(), expect_.status.end(),
                       [status](StatusRange const& range) {
                           return status >= range.first && status <= range.last;
                       });
}

/// A code that is no error by itself needs to be told from what was wanted.
std::string AnswerJudge::wrong_status(std::uint16_t status) const {
    if (status < 200 || status > 299) {
        return fmt::format("HTTP error: {}", status);
    }
    std::string wanted;
    for (auto const& range : expect_.status) {
        wanted += (wanted.empty() ? "" : ", ") + to_text(range);
    }
    return fmt::format("HTTP status {}, expected {}", status, clean_text(wanted, kMaxShown));
}

std::string AnswerJudge::wrong_body(HttpAnswer const& answer) const {
    if (answer.head.compressed) {
        return "body is compressed: what is expected of it cannot be decided";
    }
    if (!expect_.body.empty() && answer.body.find(expect_.body) == std::string_view::npos) {
        return fmt::format("body lacks \"{}\"{}", clean_text(expect_.body, kMaxShown),
                           extent_of(answer));
    }
    if (pattern_ && !matches(answer)) {
        return fmt::format("body does not match /{}/{}", clean_text(pattern_->text(), kMaxShown),
                           extent_of(answer));
    }
    if (!json_.empty() && answer.body_is_cut) {
        return fmt::format("body is longer than {} KiB: its JSON cannot be read",
                           answer.body.size() / 1024);
    }
    return json_.first_unmet(answer.body);
}

/// What is found at the very end of a body that was cut might not be there in the whole one.
bool AnswerJudge::matches(HttpAnswer const& answer) const {
    auto const found = pattern_->find_in(answer.body);
    return found && !(answer.body_is_cut &&
                      found->data() + found->size() == answer.body.data() + answer.body.size());
}

}  // namespace muster
