#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <muster/base/time.hpp>

namespace muster {

// JSON is written by appending to a string: nothing is built in memory first. These append one
// value each.

/// In quotes, escaped as RFC 8259 section 7 asks. Text must be valid UTF-8.
void append_json_string(std::string& out, std::string_view text);

/// The shortest digits that read back as the same number; NaN and infinities, which JSON does not
/// have, become null.
void append_json_number(std::string& out, double value);
void append_json_number(std::string& out, std::int64_t value);
void append_json_number(std::string& out, std::uint64_t value);

/// A percentage with at most four decimals; what is not quite 100 is never written as 100, nor what
/// is not quite 0 as 0.
void append_json_percent(std::string& out, double value);

void append_json_bool(std::string& out, bool value);

/// `"2026-11-22T05:55:00.123Z"`.
void append_json_time(std::string& out, WallTime time);

/// `append(out, item)` writes each item.
template <class Items, class Append>
void append_json_list(std::string& out, Items const& items, Append append) {
    out += '[';
    bool first = true;
    for (auto const& item : items) {
        if (!first) {
            out += ',';
        }
        first = false;
        append(out, item);
    }
    out += ']';
}

/// Writes one object; the braces and commas are its own. Keys are literals that need no escaping.
///   auto object = JsonObject(out);
///   object.text("name", name);
///   object.close();
class JsonObject {
public:
    explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }

    /// Writes the key; the caller appends the value to the string that it gets back.
    std::string& key(std::string_view name);

    void text(std::string_view name, std::string_view value) {
        append_json_string(key(name), value);
    }
    void number(std::string_view name, double value) { append_json_number(key(name), value); }
    void number(std::string_view name, std::int64_t value) { append_json_number(key(name), value); }
    void percent(std::string_view name, double value) { append_json_percent(key(name), value); }
    void boolean(std::string_view name, bool value) { append_json_bool(key(name), value); }
    void time(std::string_view name, WallTime value) { append_json_time(key(name), value); }
    void null(std::string_view name) { key(name) += "null"; }
    /// An empty text says that there is none.
    void text_or_null(std::string_view name, std::string_view value);
    void time_or_null(std::string_view name, std::optional<WallTime> value);
    void texts(std::string_view name, std::span<std::string const> values);
    /// A value that is JSON already.
    void raw(std::string_view name, std::string_view json) { key(name) += json; }

    void close() { out_ += '}'; }

private:
    std::string& out_;
    bool first_{true};
};

/// Whether a text is one whole JSON object.
[[nodiscard]] bool is_json_object(std::string_view text);

}  // namespace muster
