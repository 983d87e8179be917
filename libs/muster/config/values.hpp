#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/base/enum_names.hpp>
#include <muster/base/time.hpp>
#include <muster/config/mapping.hpp>
#include <muster/config/reading.hpp>
#include <muster/domain/url.hpp>

namespace muster::config {

// Each reads the field `key` into `out`. A field that is not given leaves it alone; one that is
// wrong too, and is refused with what would be right. Variables are filled in first; mistakes show
// the text as it stands in the file, never what was filled in.

struct DurationBounds {
    Millis least{1};
    Millis most{365 * 24h};
};

struct CountBounds {
    std::uint64_t least{0};
    std::uint64_t most{0};
};

inline constexpr std::size_t kMaxTextBytes = 1000;

void read_flag(Reading& reading, Mapping const& from, std::string_view key, bool& out);
void read_count(Reading& reading, Mapping const& from, std::string_view key, CountBounds bounds,
                std::uint64_t& out);
void read_duration(Reading& reading, Mapping const& from, std::string_view key,
                   DurationBounds bounds, Millis& out);
/// At most kMaxTextBytes.
void read_text(Reading& reading, Mapping const& from, std::string_view key, std::string& out);
void read_texts(Reading& reading, Mapping const& from, std::string_view key,
                std::vector<std::string>& out);

/// One of the words; the index of it.
[[nodiscard]] std::optional<std::size_t> read_word(Reading& reading, Mapping const& from,
                                                   std::string_view key,
                                                   std::vector<std::string_view> const& words);

template <class E>
void read_enum(Reading& reading, Mapping const& from, std::string_view key, E& out) {
    std::vector<std::string_view> words;
    for (auto const& entry : enum_names(E{})) {
        words.push_back(entry.second);
    }
    if (auto const index = read_word(reading, from, key, words)) {
        out = enum_names(E{})[*index].first;
    }
}

// Of a single value; `what` is how mistakes call it. Nothing: refused.

[[nodiscard]] std::optional<std::string> scalar_of(Reading& reading, YamlNode value,
                                                   std::string_view what, std::string_view wanted);
/// An http URL of a scheme that is built.
[[nodiscard]] std::optional<Url> url_of(Reading& reading, YamlNode value, std::string_view what);
[[nodiscard]] std::optional<HostPort> endpoint_of(Reading& reading, YamlNode value,
                                                  std::string_view what);

/// Says that a value is not what is wanted.
void refuse_value(Reading& reading, YamlNode value, std::string_view what, std::string_view wanted);

}  // namespace muster::config
