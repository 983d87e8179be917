#include <muster/api/content_coding.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <optional>

#include <muster/base/ascii.hpp>

namespace muster {
namespace {

constexpr int kFullWeight = 1'000;

/// The part up to `separator`, which is taken off the rest with it.
std::string_view take_part(std::string_view& rest, char separator) noexcept {
    auto const end = std::min(rest.find(separator), rest.size());
    auto const part = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

/// A qvalue (RFC 9110 section 12.4.2) in thousandths; nothing for what is none.
std::optional<int> thousandths(std::string_view text) noexcept {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') ||
        (text.size() > 1 && text[1] != '.')) {
        return std::nullopt;
    }
    int value = (text[0] - '0') * kFullWeight;
    int place = kFullWeight / 10;
    for (auto const digit : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (digit < '0' || digit > '9') {
            return std::nullopt;
        }
        value += (digit - '0') * place;
        place /= 10;
    }
    return value <= kFullWeight ? std::optional(value) : std::nullopt;
}

/// The weight behind a coding; nothing where it cannot be read.
std::optional<int> weight_of(std::string_view parameters) noexcept {
    int weight = kFullWeight;
    while (!parameters.empty()) {
        auto const parameter = take_part(parameters, ';');
        if (parameter.size() < 2 || !equal_ignoring_case(parameter.substr(0, 2), "q=")) {
            return std::nullopt;
        }
        auto const value = thousandths(parameter.substr(2));
        if (!value) {
            return std::nullopt;
        }
        weight = *value;
    }
    return weight;
}

/// Where the value of a header begins that add_header wrote; nothing where there is none.
std::optional<std::size_t> place_of(std::string_view name, std::string_view headers) noexcept {
    std::size_t line = 0;
    while (line < headers.size()) {
        auto const rest = headers.substr(line);
        if (rest.starts_with(name) && rest.substr(name.size()).starts_with(": ")) {
            return line + name.size() + 2;
        }
        line += std::min(rest.find('\n'), rest.size() - 1) + 1;
    }
    return std::nullopt;
}

}  // namespace

bool wants_gzip(std::string_view accept_encoding) noexcept {
    std::optional<int> gzip;
    std::optional<int> any;
    std::optional<int> identity;
    while (!accept_encoding.empty()) {
        auto element = take_part(accept_encoding, ',');
        if (element.empty()) {
            continue;
        }
        auto const coding = take_part(element, ';');
        auto const weight = weight_of(element);
        if (!weight) {
            return false;
        }
        if (equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip")) {
            gzip = std::max(gzip.value_or(0), *weight);
        } else if (coding == "*") {
            any = *weight;
        } else if (equal_ignoring_case(coding, "identity")) {
            identity = *weight;
        }
    }
    auto const wanted = gzip ? *gzip : any.value_or(0);
    return wanted > 0 && wanted >= identity.value_or(0);
}

bool may_be_gzip(Response const& response) noexcept {
    constexpr std::array<std::string_view, 4> kTexts{"text/", "application/json",
                                                     "application/x-ndjson", "image/svg+xml"};
    auto const is_text = [&response](std::string_view start) {
        return std::string_view(response.content_type).starts_with(start);
    };
    bool const text = std::any_of(kTexts.begin(), kTexts.end(), is_text);
    bool const unsaid = response.status == 304 && response.content_type.empty();
    return (response.status == 200 || response.status == 304) && (text || unsaid) &&
           !response.stream && response.header("Content-Encoding").empty();
}

void mark_as_varying(Response& response) {
    if (auto const varying = place_of("Vary", response.headers)) {
        response.headers.insert(*varying, "Accept-Encoding, ");
    } else {
        response.add_header("Vary", "Accept-Encoding");
    }
    auto const etag = place_of("ETag", response.headers);
    if (etag && response.headers.compare(*etag, 1, "\"") == 0) {
        response.headers.insert(*etag, "W/");
    }
}

}  // namespace muster
