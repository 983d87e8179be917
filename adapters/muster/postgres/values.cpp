#include <muster/postgres/values.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace muster {
namespace {

// 0001-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z.
constexpr WallTime kEarliest{Millis(-62'135'596'800'000)};
constexpr WallTime kLatest{Millis(253'402'300'799'999)};

int digit_of(char character) noexcept {
    return character >= 'a' ? character - 'a' + 10 : character - '0';
}

}  // namespace

WallTime within_calendar(WallTime time) noexcept {
    return std::clamp(time, kEarliest, kLatest);
}

std::string time_text(WallTime time) {
    return to_rfc3339(within_calendar(time));
}

std::string bytes_text(ByteView bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text = "\\x";
    text.reserve(2 + 2 * bytes.size());
    for (auto const byte : bytes) {
        auto const value = static_cast<unsigned>(byte);
        text += kDigits[value >> 4U];
        text += kDigits[value & 15U];
    }
    return text;
}

Bytes bytes_of(std::string_view text) {
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t at = 2; at + 1 < text.size(); at += 2) {
        bytes.push_back(static_cast<std::byte>(16 * digit_of(text[at]) + digit_of(text[at + 1])));
    }
    return bytes;
}

void PostgresValues::put(double value) {
    values_.emplace_back(fmt::format("{}", value));  // shortest that reads as the same
}

std::vector<char const*> PostgresValues::texts() const {
    std::vector<char const*> texts;
    texts.reserve(values_.size());
    for (auto const& value : values_) {
        texts.push_back(value ? value->c_str() : nullptr);
    }
    return texts;
}

void PostgresArray::add(std::string_view text) {
    auto& items = next();
    items += '"';
    for (char const character : text) {
        if (character == '"' || character == '\\') {
            items += '\\';
        }
        items += character;
    }
    items += '"';
}

std::optional<std::string>& PostgresLine::next() {
    if (used_ == fields_.size()) {
        fields_.emplace_back();
    }
    return fields_[used_++];
}

std::vector<char const*> const& PostgresLine::texts() {
    texts_.clear();
    for (std::size_t field = 0; field < used_; ++field) {
        texts_.push_back(fields_[field] ? fields_[field]->c_str() : nullptr);
    }
    return texts_;
}

}  // namespace muster
