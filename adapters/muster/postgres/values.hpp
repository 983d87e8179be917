#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <muster/base/bytes.hpp>
#include <muster/base/time.hpp>

namespace muster {

/// The nearest moment of the years 1 to 9999: what text and partitions can tell.
[[nodiscard]] WallTime within_calendar(WallTime time) noexcept;
/// A moment as PostgreSQL reads it, within_calendar().
[[nodiscard]] std::string time_text(WallTime time);
/// Bytes as PostgreSQL reads them: `\x00ff`.
[[nodiscard]] std::string bytes_text(ByteView bytes);
/// What bytes_text() made.
[[nodiscard]] Bytes bytes_of(std::string_view text);

/// The values of a statement, the first for $1, as text.
class PostgresValues {
public:
    template <class... Values>
    explicit PostgresValues(Values const&... values) {
        values_.reserve(sizeof...(values));
        (put(values), ...);
    }

    /// Null where a value is. Valid as long as this is, unchanged.
    [[nodiscard]] std::vector<char const*> texts() const;

private:
    void put(std::string_view value) { values_.emplace_back(value); }
    void put(double value);
    void put(bool value) { values_.emplace_back(value ? "t" : "f"); }
    void put(std::nullptr_t) { values_.emplace_back(); }
    void put(WallTime value) { values_.emplace_back(time_text(value)); }
    void put(ByteView value) { values_.emplace_back(bytes_text(value)); }
    template <class Value>
    void put(std::optional<Value> const& value) {
        if (value) {
            put(*value);
        } else {
            put(nullptr);
        }
    }
    template <class Number>
    requires(std::integral<Number> || std::is_enum_v<Number>) void put(Number value) {
        values_.emplace_back(std::to_string(static_cast<std::int64_t>(value)));
    }
    // Text comes in many types that are views.
    void put(std::string const& value) { values_.emplace_back(value); }
    void put(char const* value) { values_.emplace_back(value); }

    std::vector<std::optional<std::string>> values_;
};

/// An array literal: `{1,NULL,"a\"b"}`.
class PostgresArray {
public:
    void add(std::int64_t value) { next() += std::to_string(value); }
    void add_null() { next() += "NULL"; }
    void add(std::string_view text);
    template <class Value>
    void add(std::optional<Value> const& value) {
        if (value) {
            add(*value);
        } else {
            add_null();
        }
    }

    [[nodiscard]] std::string text() const { return "{" + items_ + "}"; }

private:
    std::string& next() { return items_ += items_.empty() ? "" : ","; }

    std::string items_;
};

/// The fields of a line of COPY.
class PostgresLine {
public:
    void clear() noexcept { used_ = 0; }
    void add(std::int64_t value) { next().emplace(std::to_string(value)); }
    void add(std::string_view text) { next().emplace(text); }
    void add(WallTime time) { next().emplace(time_text(time)); }
    void add_null() { next().reset(); }

    [[nodiscard]] std::vector<char const*> const& texts();

private:
    std::optional<std::string>& next();

    std::vector<std::optional<std::string>> fields_;
    std::size_t used_{0};
    std::vector<char const*> texts_;
};

}  // namespace muster
