#include <muster/http/header_fields.hpp>

#include <algorithm>
#include <charconv>
#include <limits>

#include <muster/base/ascii.hpp>
#include <muster/http/http_date.hpp>

namespace muster {
namespace {

constexpr bool is_blank(char character) noexcept {
    return character == ' ' || character == '\t';
}

tl::expected<std::uint64_t, NumberError> parse_number(std::string_view text, int base) noexcept {
    std::uint64_t value = 0;
    auto const* const end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data(), end, value, base);
    if (error == std::errc::result_out_of_range && stopped == end) {
        return tl::unexpected(NumberError::too_large);
    }
    if (error != std::errc{} || stopped != end) {
        return tl::unexpected(NumberError::not_a_number);
    }
    return value;
}

/// Calls `use` with every non-empty element of a comma-separated list (RFC 9110 section 5.6.1).
template <class Use>
void for_each_element(std::string_view list, Use use) {
    while (!list.empty()) {
        auto const comma = list.find(',');
        auto const element = trim_blanks(list.substr(0, comma));
        if (!element.empty()) {
            use(element);
        }
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
}

/// One or several equal lengths (RFC 9112 section 6.3, rule 5).
FieldRead read_content_length(std::string_view value, AnswerHead& head) {
    FieldRead read{FieldUse::taken, {}};
    auto any = false;
    for_each_element(value, [&](std::string_view element) {
        any = true;
        auto const length = parse_decimal(element);
        if (!length) {
            read = {FieldUse::malformed, length.error() == NumberError::too_large
                                             ? "its Content-Length is too large"
                                             : "its Content-Length is not a number"};
            return;
        }
        if (head.length && *head.length != *length) {
            read = {FieldUse::malformed, "it has two different Content-Lengths"};
        }
        head.length = *length;
    });
    if (!any) {
        return {FieldUse::malformed, "its Content-Length is empty"};
    }
    return read;
}

/// Only the last coding decides how the body ends (RFC 9112 section 6.3, rule 4).
FieldRead read_transfer_encoding(std::string_view value, AnswerHead& head) {
    for_each_element(value, [&](std::string_view element) {
        head.chunked = equal_ignoring_case(element, "chunked");
        head.other_coding = !head.chunked;
    });
    return {FieldUse::taken, {}};
}

FieldRead read_connection(std::string_view value, AnswerHead& head) {
    for_each_element(value, [&](std::string_view element) {
        head.close = head.close || equal_ignoring_case(element, "close");
        head.keep_alive = head.keep_alive || equal_ignoring_case(element, "keep-alive");
    });
    return {FieldUse::taken, {}};
}

/// `timeout=5, max=100`: never standardised, widely sent (RFC 2068 section 19.7.1.1).
FieldRead read_keep_alive(std::string_view value, AnswerHead& head) {
    constexpr std::uint64_t kMaxSeconds = 1'000'000;
    for_each_element(value, [&](std::string_view element) {
        auto const equals = element.find('=');
        if (equals == std::string_view::npos) {
            return;
        }
        auto const name = trim_blanks(element.substr(0, equals));
        auto const number = parse_decimal(trim_blanks(element.substr(equals + 1)));
        if (!number) {
            return;
        }
        if (equal_ignoring_case(name, "timeout")) {
            head.keep_alive_timeout = std::chrono::seconds(std::min(*number, kMaxSeconds));
        } else if (equal_ignoring_case(name, "max")) {
            head.keep_alive_max = *number;
        }
    });
    return {FieldUse::taken, {}};
}

/// application/json and structured syntaxes (RFC 6839 section 3.1); parameters do not matter.
FieldRead read_content_type(std::string_view value, AnswerHead& head) {
    auto const type = trim_blanks(value.substr(0, value.find(';')));
    constexpr std::string_view kSuffix = "+json";
    head.is_json = equal_ignoring_case(type, "application/json") ||
                   equal_ignoring_case(type, "text/json") ||
                   (type.size() > kSuffix.size() &&
                    equal_ignoring_case(type.substr(type.size() - kSuffix.size()), kSuffix));
    head.is_plain_text = equal_ignoring_case(type, "text/plain");
    head.is_openmetrics = equal_ignoring_case(type, "application/openmetrics-text");
    return {FieldUse::taken, {}};
}

/// Any coding but `identity` (RFC 9110 section 8.4.1).
FieldRead read_content_encoding(std::string_view value, AnswerHead& head) {
    for_each_element(value, [&](std::string_view element) {
        head.compressed = head.compressed || !equal_ignoring_case(element, "identity");
    });
    return {FieldUse::taken, {}};
}

/// Kept of a redirect only. Of several the first counts.
FieldRead read_location(std::string_view value, AnswerHead& head) {
    if (head.status < 300 || head.status > 399 || !head.location.empty()) {
        return {};
    }
    head.location = value;
    return {FieldUse::taken, {}};
}

}  // namespace

FieldRead read_field(std::string_view line, AnswerHead& head) {
    auto const colon = line.find(':');
    if (colon == std::string_view::npos) {
        return {FieldUse::malformed, "it has a header line without a colon"};
    }
    auto const name = trim_blanks(line.substr(0, colon));
    if (name.empty()) {
        return {FieldUse::malformed, "it has a header without a name"};
    }
    auto const value = trim_blanks(line.substr(colon + 1));
    switch (name.size()) {  // by length first: most headers are told apart without a comparison
        case 8:
            return equal_ignoring_case(name, "location") ? read_location(value, head) : FieldRead{};
        case 10:
            if (equal_ignoring_case(name, "connection")) {
                return read_connection(value, head);
            }
            return equal_ignoring_case(name, "keep-alive") ? read_keep_alive(value, head)
                                                           : FieldRead{};
        case 12:
            return equal_ignoring_case(name, "content-type") ? read_content_type(value, head)
                                                             : FieldRead{};
        case 13:
            if (equal_ignoring_case(name, "last-modified")) {
                head.last_modified = parse_http_date(value);
            }
            return {};
        case 14:
            return equal_ignoring_case(name, "content-length") ? read_content_length(value, head)
                                                               : FieldRead{};
        case 16:
            return equal_ignoring_case(name, "content-encoding")
                       ? read_content_encoding(value, head)
                       : FieldRead{};
        case 17:
            return equal_ignoring_case(name, "transfer-encoding")
                       ? read_transfer_encoding(value, head)
                       : FieldRead{};
        default:
            return {};
    }
}

tl::expected<std::uint64_t, NumberError> parse_decimal(std::string_view text) noexcept {
    return parse_number(text, 10);
}

tl::expected<std::uint64_t, NumberError> parse_chunk_size(std::string_view line) noexcept {
    return parse_number(trim_blanks(line.substr(0, line.find(';'))), 16);
}

std::string_view trim_blanks(std::string_view text) noexcept {
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

}  // namespace muster
