#include <muster/config/values.hpp>

#include <algorithm>
#include <charconv>

#include <muster/base/ascii.hpp>
#include <muster/base/nearest.hpp>
#include <muster/base/utf8.hpp>
#include <muster/config/size.hpp>
#include <muster/domain/masked_url.hpp>
#include <muster/domain/names.hpp>
#include <muster/domain/secret_names.hpp>

namespace muster::config {
namespace {

constexpr std::size_t kShownBytes = 60;

constexpr std::string_view kWantsSecret = "the secret itself: *** only stands for it";
constexpr std::string_view kWantsUrl = "a URL such as http://127.0.0.1:3010";
constexpr std::string_view kWantsEndpoint = "host:port, such as 127.0.0.1:25";
constexpr std::string_view kWantsDuration =
    "a duration: a number with a unit, such as 250ms, 5s, 2m, 1h or 7d";

std::string named(std::string_view what) {
    return "'" + std::string(what) + "'";
}

/// Whether messages may show what a parser saw: not if it was filled in, it may be secret.
bool is_as_written(YamlNode value, std::string_view filled_in) {
    return value.text() == filled_in;
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

std::string joined(std::vector<std::string_view> const& words) {
    std::string text;
    for (auto const& word : words) {
        text += (text.empty() ? "" : ", ") + std::string(word);
    }
    return text;
}

/// Refuses with the words of a parser, or without them where they could show what was filled in.
void refuse_parsed(Reading& reading, YamlNode value, std::string_view what, std::string_view wanted,
                   std::string_view filled_in, std::string const& parser_says) {
    if (is_as_written(value, filled_in)) {
        reading.refuse(value, named(what) + ": " + parser_says);
    } else {
        refuse_value(reading, value, what, wanted);
    }
}

}  // namespace

void refuse_value(Reading& reading, YamlNode value, std::string_view what,
                  std::string_view wanted) {
    auto const start = named(what) + " wants " + std::string(wanted);
    switch (value.kind()) {
        case NodeKind::nothing:
            reading.refuse(value, start + ", not nothing");
            return;
        case NodeKind::list:
            reading.refuse(value, start + ", not a list");
            return;
        case NodeKind::map:
            reading.refuse(value, start + ", not keys with values");
            return;
        case NodeKind::scalar:
            break;
    }
    bool const has_variable =
        reading.environment() != nullptr && value.text().find("${") != std::string_view::npos;
    reading.refuse(value, start + ", not '" +
                              clean_text(without_password(value.text()), kShownBytes) +
                              (has_variable ? "' as it was filled in" : "'"));
}

void refuse_secret(Reading& reading, YamlNode value, std::string_view what,
                   std::string_view wanted) {
    if (value.kind() == NodeKind::scalar) {
        reading.refuse(value, named(what) + " wants " + std::string(wanted));
    } else {
        refuse_value(reading, value, what, wanted);
    }
}

bool refuse_name(Reading& reading, YamlNode name, std::string_view of) {
    auto const text = name.text();
    bool const fits =
        text.size() <= kMaxNameBytes && std::none_of(text.begin(), text.end(), [](char character) {
            auto const byte = static_cast<unsigned char>(character);
            return byte < 0x20 || byte == 0x7F;
        });
    if (!fits) {
        reading.refuse(name, named(of) + " wants names of at most " +
                                 std::to_string(kMaxNameBytes) +
                                 " bytes, without control characters");
    }
    return !fits;
}

bool refuse_mask(Reading& reading, YamlNode value, std::string_view what,
                 std::string_view filled_in) {
    if (filled_in != kSecretMask) {
        return false;
    }
    refuse_secret(reading, value, what, kWantsSecret);
    return true;
}

bool refuse_mask(Reading& reading, YamlNode value, std::string_view what, Url const& url) {
    if (!has_mask(url)) {
        return false;
    }
    refuse_secret(reading, value, what, kWantsSecret);
    return true;
}

std::string name_in(Reading const& reading, YamlNode entry) {
    if (entry.kind() != NodeKind::map) {
        return {};
    }
    for (auto at = entry.begin(); at != entry.end(); ++at) {
        auto const key = *at;
        auto const value = *++at;
        if (key.text() != "name" || value.kind() != NodeKind::scalar) {
            continue;
        }
        auto const name = reading.filled_in(value.text());
        return name && is_valid_name(*name) ? *name : std::string();
    }
    return {};
}

bool is_visible_ascii(std::string_view text) noexcept {
    return text.size() <= kMaxTextBytes &&
           std::all_of(text.begin(), text.end(),
                       [](char character) { return character > ' ' && character < '\x7F'; });
}

std::string in_quotes(std::string_view key) {
    return "'" + clean_text(key, kShownBytes) + "'";
}

std::string without_password(std::string_view text) {
    auto const at = text.rfind('@');
    if (at == std::string_view::npos) {
        return std::string(text);
    }
    auto const start = text.find("://");
    auto const scheme = start < at ? text.substr(0, start + 3) : std::string_view();
    return std::string(scheme) + "***" + std::string(text.substr(at));
}

std::optional<std::string> scalar_of(Reading& reading, YamlNode value, std::string_view what,
                                     std::string_view wanted) {
    if (value.kind() != NodeKind::scalar) {
        refuse_value(reading, value, what, wanted);
        return std::nullopt;
    }
    auto text = reading.filled_in(value.text());
    if (!text) {
        reading.refuse(value, named(what) + ": " + text.error().message);
        return std::nullopt;
    }
    return *std::move(text);
}

void read_flag(Reading& reading, Mapping const& from, std::string_view key, bool& out) {
    constexpr std::string_view kWanted = "true or false";
    auto const* field = from.find(key);
    if (field == nullptr) {
        return;
    }
    auto const text = scalar_of(reading, field->value, key, kWanted);
    if (!text) {
        return;
    }
    auto const word = in_lower_case(*text);
    if (word == "true" || word == "yes" || word == "on") {
        out = true;
    } else if (word == "false" || word == "no" || word == "off") {
        out = false;
    } else {
        refuse_value(reading, field->value, key, kWanted);
    }
}

std::optional<std::uint64_t> count_of(Reading& reading, YamlNode value, std::string_view what,
                                      CountBounds bounds) {
    auto const wanted = "a whole number from " + std::to_string(bounds.least) + " to " +
                        std::to_string(bounds.most);
    auto const text = scalar_of(reading, value, what, wanted);
    if (!text) {
        return std::nullopt;
    }
    auto const count = parse_count(*text);
    if (!count || *count < bounds.least || *count > bounds.most) {
        refuse_value(reading, value, what, wanted);
        return std::nullopt;
    }
    return count;
}

void read_count(Reading& reading, Mapping const& from, std::string_view key, CountBounds bounds,
                std::uint64_t& out) {
    auto const* field = from.find(key);
    if (field != nullptr) {
        out = count_of(reading, field->value, key, bounds).value_or(out);
    }
}

void read_duration(Reading& reading, Mapping const& from, std::string_view key,
                   DurationBounds bounds, Millis& out) {
    auto const* field = from.find(key);
    if (field == nullptr) {
        return;
    }
    auto const text = scalar_of(reading, field->value, key, kWantsDuration);
    if (!text) {
        return;
    }
    auto const duration = parse_duration(*text);
    if (!duration) {
        refuse_parsed(reading, field->value, key, kWantsDuration, *text, duration.error().message);
    } else if (*duration < bounds.least || *duration > bounds.most) {
        refuse_value(reading, field->value, key,
                     "a duration from " + format_duration(bounds.least) + " to " +
                         format_duration(bounds.most));
    } else {
        out = *duration;
    }
}

void read_text(Reading& reading, Mapping const& from, std::string_view key, std::string& out) {
    auto const* field = from.find(key);
    if (field == nullptr) {
        return;
    }
    auto text = scalar_of(reading, field->value, key, "text");
    if (!text) {
        return;
    }
    if (text->size() > kMaxTextBytes) {
        refuse_value(reading, field->value, key, "at most 1000 bytes of text");
        return;
    }
    out = clean_text(*text, kMaxTextBytes);
}

void read_texts(Reading& reading, Mapping const& from, std::string_view key,
                std::vector<std::string>& out) {
    constexpr std::string_view kWanted = "a list of words, such as [eu, retail]";
    auto const* field = from.find(key);
    if (field == nullptr) {
        return;
    }
    if (field->value.kind() != NodeKind::list) {
        refuse_value(reading, field->value, key, kWanted);
        return;
    }
    std::vector<std::string> texts;
    for (auto const item : field->value) {
        auto const text = scalar_of(reading, item, key, kWanted);
        if (!text) {
            continue;
        }
        if (text->empty() || text->size() > kMaxTextBytes) {
            refuse_value(reading, item, key, kWanted);
            continue;
        }
        texts.push_back(clean_text(*text, kMaxTextBytes));
    }
    out = std::move(texts);
}

void read_bytes(Reading& reading, Mapping const& from, std::string_view key, std::size_t most,
                std::string& out) {
    auto const* field = from.find(key);
    if (field == nullptr) {
        return;
    }
    auto text = scalar_of(reading, field->value, key, "text");
    if (!text) {
        return;
    }
    if (text->size() > most) {
        reading.refuse(field->value,
                       named(key) + " wants at most " + std::to_string(most) + " bytes of text");
        return;
    }
    out = *std::move(text);
}

void read_size(Reading& reading, Mapping const& from, std::string_view key, std::uint64_t& out) {
    constexpr std::string_view kWanted = "a size with a unit, such as 500MB or 20GB";
    auto const* field = from.find(key);
    if (field == nullptr) {
        return;
    }
    auto const text = scalar_of(reading, field->value, key, kWanted);
    if (!text) {
        return;
    }
    auto const size = parse_size(*text);
    if (!size) {
        refuse_value(reading, field->value, key, kWanted);
    } else if (*size < kLeastSize || *size > kMostSize) {
        refuse_value(reading, field->value, key,
                     "a size from " + format_size(kLeastSize) + " to " + format_size(kMostSize));
    } else {
        out = *size;
    }
}

void read_name(Reading& reading, Mapping const& from, std::string_view key, std::string& out) {
    constexpr std::string_view kWanted = "a name: letters, digits, - and _, at most 100";
    auto const* field = from.find(key);
    if (field == nullptr) {
        return;
    }
    auto name = scalar_of(reading, field->value, key, kWanted);
    if (name && !is_valid_name(*name)) {
        refuse_value(reading, field->value, key, kWanted);
    } else if (name) {
        out = *std::move(name);
    }
}

void read_text_map(Reading& reading, Mapping const& from, std::string_view key,
                   std::map<std::string, std::string>& out) {
    constexpr std::string_view kWanted = "names with texts, such as { team: web }";
    each_field(reading, from, key, kWanted, [&](YamlNode name, YamlNode value) {
        auto const text = scalar_of(reading, value, name.text(), "text");
        if (!text) {
            return;
        }
        if (name.text().empty() || name.text().size() > kMaxTextBytes ||
            text->size() > kMaxTextBytes) {
            reading.refuse(name, named(key) + " wants names and texts of at most 1000 bytes");
            return;
        }
        out.emplace(clean_text(name.text(), kMaxTextBytes), clean_text(*text, kMaxTextBytes));
    });
}

std::optional<std::size_t> read_word(Reading& reading, Mapping const& from, std::string_view key,
                                     std::vector<std::string_view> const& words) {
    auto const* field = from.find(key);
    return field == nullptr ? std::nullopt : word_of(reading, field->value, key, words);
}

std::optional<std::size_t> word_of(Reading& reading, YamlNode value, std::string_view what,
                                   std::vector<std::string_view> const& words) {
    auto const wanted = "one of " + joined(words);
    auto const text = scalar_of(reading, value, what, wanted);
    if (!text) {
        return std::nullopt;
    }
    auto const found = std::find(words.begin(), words.end(), *text);
    if (found != words.end()) {
        return static_cast<std::size_t>(found - words.begin());
    }
    auto const meant = nearest(value.text(), words);
    refuse_value(reading, value, what,
                 meant ? wanted + " (perhaps " + std::string(*meant) + ")" : wanted);
    return std::nullopt;
}

std::optional<Url> url_of(Reading& reading, YamlNode value, std::string_view what) {
    auto const text = scalar_of(reading, value, what, kWantsUrl);
    if (!text) {
        return std::nullopt;
    }
    auto url = parse_url(*text);
    if (!url) {
        refuse_parsed(reading, value, what, kWantsUrl, *text, url.error().message);
        return std::nullopt;
    }
    if (refuse_mask(reading, value, what, *url)) {
        return std::nullopt;
    }
    return *std::move(url);
}

std::optional<HostPort> endpoint_of(Reading& reading, YamlNode value, std::string_view what) {
    auto const text = scalar_of(reading, value, what, kWantsEndpoint);
    if (!text) {
        return std::nullopt;
    }
    auto endpoint = parse_host_port(*text);
    if (!endpoint) {
        refuse_parsed(reading, value, what, kWantsEndpoint, *text, endpoint.error().message);
        return std::nullopt;
    }
    return *std::move(endpoint);
}

}  // namespace muster::config
