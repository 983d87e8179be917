#include <muster/http/answer_parser.hpp>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <muster/base/ascii.hpp>
#include <muster/base/utf8.hpp>
#include <muster/http/header_fields.hpp>

namespace muster {
namespace {

constexpr std::string_view kVersionStart = "HTTP/1.";
constexpr std::size_t kStatusLineStart = 12;  ///< `HTTP/1.1 200`.
constexpr std::size_t kMaxQuoted = 60;
constexpr std::size_t kMaxLineKept = 4096;  ///< Memory that a long line may leave behind.

/// The head of a SETTINGS frame, with which a server of HTTP/2 begins: three bytes of length, its
/// type, no flags, stream 0 (RFC 9113 sections 3.4, 4.1 and 6.5).
bool is_settings_frame(std::string_view start) {
    constexpr std::string_view kBehindLength("\x04\0\0\0\0\0", 6);
    return start.size() >= 9 && start.front() == '\0' && start.substr(3, 6) == kBehindLength;
}

/// What was received instead of HTTP, for people.
std::string describe_garbage(std::string_view start) {
    if (start.size() >= 2 && start[0] == '\x15' && start[1] == '\x03') {
        return "not HTTP: it speaks TLS";  // an alert record, RFC 8446 section 5.1
    }
    if (is_settings_frame(start)) {
        return "not HTTP/1.1: it speaks HTTP/2 only";
    }
    auto const text = start.substr(0, start.find_first_of("\r\n"));
    if (text.empty()) {
        return "not HTTP: it begins with an empty line";
    }
    return fmt::format("not HTTP: {}", clean_text(text, kMaxQuoted));
}

}  // namespace

void AnswerParser::reset(bool to_head) {
    if (line_.capacity() > kMaxLineKept) {
        std::string().swap(line_);  // assigning an empty one would keep the memory
    }
    line_.clear();
    error_.clear();
    state_ = State::status_line;
    by_close_ = false;
    last_matters_ = false;
    interim_ = false;
    to_head_ = to_head;
    head_ = AnswerHead();
    head_bytes_ = 0;
    left_ = 0;
}

AnswerParser::Fed AnswerParser::feed(std::string_view input) {
    std::size_t used = 0;
    while (used < input.size() && !ended()) {
        auto const rest = input.substr(used);
        if (state_ == State::body_by_length || state_ == State::body_until_close ||
            state_ == State::chunk_body) {
            auto const fed = feed_body(rest);
            return {used + fed.used, fed.body};
        }
        used += feed_line(rest);
    }
    return {used, {}};
}

AnswerParser::Fed AnswerParser::feed_body(std::string_view input) {
    if (state_ == State::body_until_close) {
        return {input.size(), input};
    }
    auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
    left_ -= size;
    if (left_ == 0) {
        state_ = state_ == State::chunk_body ? State::chunk_end : State::done;
    }
    return {size, input.substr(0, size)};
}

/// Reads one line, or what there is of it. A line within one piece of input is never copied.
std::size_t AnswerParser::feed_line(std::string_view input) {
    auto const newline = input.find('\n');
    auto const used = newline == std::string_view::npos ? input.size() : newline + 1;
    head_bytes_ += used;
    if (head_bytes_ > kMaxHeadBytes) {
        fail_too_long();
        return used;
    }
    if (newline == std::string_view::npos) {
        line_.append(input);
        if (state_ == State::status_line && refuse_early(line_)) {
            fail(describe_garbage(line_));
        }
        return used;
    }
    auto text = input.substr(0, newline);
    if (!line_.empty()) {
        line_.append(text);
        text = line_;
    }
    if (text.ends_with('\r')) {
        text.remove_suffix(1);
    }
    line(text);
    line_.clear();
    return used;
}

/// True if what came so far can never become a status line: a banner may have no line end.
bool AnswerParser::refuse_early(std::string_view start) {
    auto const size = std::min(start.size(), kVersionStart.size());
    return start.substr(0, size) != kVersionStart.substr(0, size);
}

void AnswerParser::line(std::string_view text) {
    switch (state_) {
        case State::status_line:
            status_line(text);
            break;
        case State::headers:
            if (text.empty()) {
                end_of_head();
            } else {
                header_line(text);
            }
            break;
        case State::chunk_size:
            chunk_size_line(text);
            break;
        case State::chunk_end:
            if (text.empty()) {
                // Each chunk brings its own lines, however many there are: all of them hold body.
                head_bytes_ = 0;
                state_ = State::chunk_size;
            } else {
                fail("malformed answer: a chunk is longer than it says");
            }
            break;
        case State::trailers:
            if (text.empty()) {
                state_ = State::done;
            }
            break;
        case State::body_by_length:
        case State::body_until_close:
        case State::chunk_body:
        case State::done:
        case State::failed:
            break;
    }
}

/// `HTTP/1.1 200 OK`; the reason may be empty or missing (RFC 9112 section 4).
void AnswerParser::status_line(std::string_view text) {
    auto const matches = text.size() >= kStatusLineStart && text.starts_with(kVersionStart) &&
                         is_digit(text[7]) && text[8] == ' ' && is_digit(text[9]) &&
                         is_digit(text[10]) && is_digit(text[11]) &&
                         (text.size() == kStatusLineStart || text[kStatusLineStart] == ' ');
    auto const status =
        matches ? (text[9] - '0') * 100 + (text[10] - '0') * 10 + (text[11] - '0') : 0;
    if (status < 100) {
        fail(describe_garbage(text));
        return;
    }
    head_.status = static_cast<std::uint16_t>(status);
    head_.minor_version = text[7] == '0' ? 0 : 1;
    state_ = State::headers;
}

void AnswerParser::header_line(std::string_view text) {
    if (text.front() == ' ' || text.front() == '\t') {
        // obs-fold (RFC 9112 section 5.2): the rest of a value. Of one that matters it would change
        // the framing; nobody sends that in good faith.
        if (last_matters_) {
            fail("malformed answer: a header that matters is folded");
        }
        return;
    }
    auto const read = read_field(text, head_);
    last_matters_ = read.use == FieldUse::taken;
    if (read.use == FieldUse::malformed) {
        fail(fmt::format("malformed answer: {}", read.problem));
    }
}

/// How the body is framed: RFC 9112 section 6.3.
void AnswerParser::end_of_head() {
    auto const status = head_.status;
    if (status < 200 && status != 101) {
        head_ = AnswerHead();
        last_matters_ = false;
        interim_ = true;
        state_ = State::status_line;
        return;
    }
    if (to_head_ || status == 101 || status == 204 || status == 304) {
        state_ = State::done;
    } else if (head_.chunked) {
        head_bytes_ = 0;
        state_ = State::chunk_size;
    } else if (head_.other_coding || !head_.length) {
        by_close_ = true;
        state_ = State::body_until_close;
    } else {
        left_ = *head_.length;
        state_ = left_ == 0 ? State::done : State::body_by_length;
    }
}

void AnswerParser::chunk_size_line(std::string_view text) {
    auto const size = parse_chunk_size(text);
    if (!size) {
        fail(size.error() == NumberError::too_large
                 ? "malformed answer: a chunk's size is too large"
                 : "malformed answer: a chunk's size is not a number");
        return;
    }
    left_ = *size;
    state_ = left_ == 0 ? State::trailers : State::chunk_body;
}

bool AnswerParser::close() {
    if (state_ == State::body_until_close) {
        state_ = State::done;
    }
    return state_ == State::done;
}

bool AnswerParser::may_keep_connection() const noexcept {
    // A length beside a Transfer-Encoding, or one in HTTP/1.0, may mean another end to somebody
    // else on the way (RFC 9112 section 6.1).
    auto const doubtful_end = head_.chunked && (head_.length || head_.minor_version == 0);
    if (state_ != State::done || by_close_ || head_.close || head_.status == 101 || doubtful_end ||
        head_.keep_alive_max == std::uint64_t{0}) {
        return false;
    }
    return head_.minor_version >= 1 || head_.keep_alive;
}

void AnswerParser::fail_too_long() {
    auto const* what = "the answer's headers are";
    if (state_ == State::trailers) {
        what = "the answer's trailers are";
    } else if (state_ == State::chunk_size || state_ == State::chunk_end) {
        what = "malformed answer: a chunk's first line is";
    } else if (interim_) {
        what = "the interim answers (1xx) are";
    }
    fail(fmt::format("{} longer than {} KiB", what, kMaxHeadBytes / 1024));
}

void AnswerParser::fail(std::string text) {
    error_ = std::move(text);
    state_ = State::failed;
}

}  // namespace muster
