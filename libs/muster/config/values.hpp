#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
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
/// Of a key that is the user's own. YAML reads none of more than 1,024 characters, escapes
/// included.
inline constexpr std::size_t kMaxNameBytes = 250;

void read_flag(Reading& reading, Mapping const& from, std::string_view key, bool& out);
void read_count(Reading& reading, Mapping const& from, std::string_view key, CountBounds bounds,
                std::uint64_t& out);
void read_duration(Reading& reading, Mapping const& from, std::string_view key,
                   DurationBounds bounds, Millis& out);
/// At most kMaxTextBytes.
void read_text(Reading& reading, Mapping const& from, std::string_view key, std::string& out);
void read_texts(Reading& reading, Mapping const& from, std::string_view key,
                std::vector<std::string>& out);

/// Bytes as they stand in the file, at most `most` of them.
void read_bytes(Reading& reading, Mapping const& from, std::string_view key, std::size_t most,
                std::string& out);
/// A number of bytes with a unit: `20GB`.
void read_size(Reading& reading, Mapping const& from, std::string_view key, std::uint64_t& out);
/// A name that is_valid_name() takes.
void read_name(Reading& reading, Mapping const& from, std::string_view key, std::string& out);
/// Names with texts; at most kMaxTextBytes each.
void read_text_map(Reading& reading, Mapping const& from, std::string_view key,
                   std::map<std::string, std::string>& out);

/// Calls `take(name, value)` for each field of a map whose keys are the user's own; keys given
/// twice are refused, and those of refuse_name(). `wanted` says what the map holds.
template <class Take>
void each_field(Reading& reading, Mapping const& from, std::string_view key,
                std::string_view wanted, Take take);

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
/// One of the words; the index of it.
[[nodiscard]] std::optional<std::size_t> word_of(Reading& reading, YamlNode value,
                                                 std::string_view what,
                                                 std::vector<std::string_view> const& words);
/// An http or https URL; not one whose secrets are masked.
[[nodiscard]] std::optional<Url> url_of(Reading& reading, YamlNode value, std::string_view what);
[[nodiscard]] std::optional<HostPort> endpoint_of(Reading& reading, YamlNode value,
                                                  std::string_view what);

/// A whole number within the bounds.
[[nodiscard]] std::optional<std::uint64_t> count_of(Reading& reading, YamlNode value,
                                                    std::string_view what, CountBounds bounds);

/// Says that a value is not what is wanted.
void refuse_value(Reading& reading, YamlNode value, std::string_view what, std::string_view wanted);
/// The same of a value that may be secret: does not show it.
void refuse_secret(Reading& reading, YamlNode value, std::string_view what,
                   std::string_view wanted);

/// Refuses a key of the user's own in the map `of` that could not be written again: longer than
/// kMaxNameBytes, or with control characters. True: it was refused.
[[nodiscard]] bool refuse_name(Reading& reading, YamlNode name, std::string_view of);

/// Refuses kSecretMask where the secret itself belongs. True: it was refused.
[[nodiscard]] bool refuse_mask(Reading& reading, YamlNode value, std::string_view what,
                               std::string_view filled_in);
/// The same of what a URL holds.
[[nodiscard]] bool refuse_mask(Reading& reading, YamlNode value, std::string_view what,
                               Url const& url);

/// The `name` that an entry of a list has, also where all else in it is wrong; empty: none that is
/// a valid name. Refuses nothing.
[[nodiscard]] std::string name_in(Reading const& reading, YamlNode entry);

/// Whether a text can stand behind `Bearer `: visible ASCII, at most kMaxTextBytes. Empty can.
[[nodiscard]] bool is_visible_ascii(std::string_view text) noexcept;

/// A key as messages show it: in quotes, made fit to print.
[[nodiscard]] std::string in_quotes(std::string_view key);

/// What may be shown of a text that may hold a password before an `@`.
[[nodiscard]] std::string without_password(std::string_view text);

template <class Take>
void each_field(Reading& reading, Mapping const& from, std::string_view key,
                std::string_view wanted, Take take) {
    auto const* field = from.find(key);
    if (field == nullptr || field->value.kind() == NodeKind::nothing) {
        return;
    }
    if (field->value.kind() != NodeKind::map) {
        refuse_value(reading, field->value, key, wanted);
        return;
    }
    std::map<std::string_view, int> lines;
    for (auto at = field->value.begin(); at != field->value.end(); ++at) {
        auto const name = *at;
        auto const value = *++at;
        if (name.kind() != NodeKind::scalar) {
            reading.refuse(name, "a key must be a word");
            continue;
        }
        if (refuse_name(reading, name, key)) {
            continue;
        }
        auto const [first, is_new] = lines.emplace(name.text(), name.line());
        if (is_new) {
            take(name, value);
        } else {
            reading.refuse(name, in_quotes(name.text()) + " is already given in line " +
                                     std::to_string(first->second));
        }
    }
}

}  // namespace muster::config
