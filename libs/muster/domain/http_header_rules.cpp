#include <muster/domain/http_header_rules.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <muster/base/ascii.hpp>
#include <muster/base/utf8.hpp>

namespace muster {
namespace {

constexpr std::size_t kMaxShownName = 60;  ///< Bytes of a header's name in messages.

constexpr std::string_view kByConnection = "say 'connection: reuse' or 'connection: fresh'";
constexpr std::string_view kByBody = "it follows from the body";
constexpr std::string_view kNotSpoken = "a check does not speak it";

/// Headers that are not the user's to give, and why.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kOurs{{
    {"connection", kByConnection},
    {"keep-alive", kByConnection},
    {"proxy-connection", kByConnection},
    {"content-length", kByBody},
    {"transfer-encoding", kByBody},
    {"trailer", kByBody},
    {"te", kNotSpoken},
    {"upgrade", kNotSpoken},
    {"expect", kNotSpoken},
}};

bool is_token(std::string_view name) noexcept {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char character) {
        return is_alphanumeric(character) || kMarks.find(character) != std::string_view::npos;
    });
}

/// CR and LF would begin another header; NUL and its like no server agrees about.
bool has_control(std::string_view value) noexcept {
    return std::any_of(value.begin(), value.end(), [](char character) {
        auto const byte = static_cast<unsigned char>(character);
        return (byte < 0x20 && byte != '\t') || byte == 0x7F;
    });
}

std::string shown_name(std::string_view name) {
    return "'" + clean_text(name, kMaxShownName) + "'";
}

}  // namespace

Result<void> check_header_name(std::string_view name) {
    if (!is_token(name)) {
        return failure(Errc::invalid, shown_name(name) +
                                          " is no name of a header: it has letters, digits and "
                                          "dashes");
    }
    for (auto const& [ours, why] : kOurs) {
        if (same_header_name(name, ours)) {
            return failure(Errc::invalid,
                           "header " + shown_name(name) + " cannot be given: " + std::string(why));
        }
    }
    return {};
}

Result<void> check_header_value(std::string_view name, std::string_view value) {
    if (has_control(value)) {
        return failure(Errc::invalid, "the value of header " + shown_name(name) +
                                          " has a line end or another control character");
    }
    bool const is_host = same_header_name(name, "host");
    if (is_host && (value.empty() || value.find_first_of(" \t,/@") != std::string_view::npos)) {
        return failure(Errc::invalid, "header 'Host' is a name, or a name and a port");
    }
    return {};
}

bool same_header_name(std::string_view left, std::string_view right) noexcept {
    return equal_ignoring_case(left, right);
}

}  // namespace muster
