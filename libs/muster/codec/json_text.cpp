#include <muster/codec/json_text.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

#include <muster/codec/json_sax.hpp>

namespace muster {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

/// What four digits of a year can write.
constexpr WallTime kFirstTime{std::chrono::sys_days{std::chrono::year{0} / 1 / 1}};
constexpr WallTime kLastTime{WallTime{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}} -
                             Millis{1}};

/// The second character of a short escape, or 0 where there is none.
constexpr char short_escape(char character) noexcept {
    switch (character) {
        case '"':
            return '"';
        case '\\':
            return '\\';
        case '\b':
            return 'b';
        case '\f':
            return 'f';
        case '\n':
            return 'n';
        case '\r':
            return 'r';
        case '\t':
            return 't';
        default:
            return 0;
    }
}

constexpr bool needs_escape(char character) noexcept {
    return static_cast<unsigned char>(character) < 0x20 || character == '"' || character == '\\';
}

void append_escaped(std::string& out, char character) {
    out += '\\';
    if (char const letter = short_escape(character); letter != 0) {
        out += letter;
        return;
    }
    auto const code = static_cast<unsigned char>(character);
    out += "u00";
    out += kHexDigits[code >> 4U];
    out += kHexDigits[code & 0xfU];
}

template <class... Number>
void append_digits(std::string& out, Number... value) {
    std::array<char, 32> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value...).ptr;
    out.append(digits.data(), end);
}

/// `width` decimal digits of a number that fits.
char* put_padded(char* at, unsigned value, int width) {
    for (int index = width - 1; index >= 0; --index) {
        at[index] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
    return at + width;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        auto const plain = static_cast<std::size_t>(
            std::find_if(text.begin(), text.end(), needs_escape) - text.begin());
        out.append(text.data(), plain);
        text.remove_prefix(plain);
        if (!text.empty()) {
            append_escaped(out, text.front());
            text.remove_prefix(1);
        }
    }
    out += '"';
}

void append_json_number(std::string& out, double value) {
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    if (value == 0) {
        out += '0';
        return;
    }
    // As ECMAScript writes numbers: an exponent only where plain digits would be unreadable.
    auto const size = std::abs(value);
    if (size >= 1e-6 && size < 1e21) {
        append_digits(out, value, std::chars_format::fixed);
    } else {
        append_digits(out, value);
    }
}

void append_json_number(std::string& out, std::int64_t value) {
    append_digits(out, value);
}

void append_json_number(std::string& out, std::uint64_t value) {
    append_digits(out, value);
}

void append_json_percent(std::string& out, double value) {
    constexpr double kSteps = 10'000;
    auto rounded = std::round(value * kSteps);
    if (rounded == 100 * kSteps && value < 100) {
        rounded -= 1;
    } else if (rounded == 0 && value > 0) {
        rounded = 1;
    }
    append_json_number(out, rounded / kSteps);
}

void append_json_bool(std::string& out, bool value) {
    out += value ? "true" : "false";
}

void append_json_time(std::string& out, WallTime time) {
    time = std::clamp(time, kFirstTime, kLastTime);
    auto const day = std::chrono::floor<std::chrono::days>(time);
    std::chrono::year_month_day const date(day);
    auto const milliseconds = static_cast<unsigned>((time - day).count());
    std::array<char, 26> text{};
    char* at = text.data();
    *at++ = '"';
    at = put_padded(at, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    *at++ = '-';
    at = put_padded(at, static_cast<unsigned>(date.month()), 2);
    *at++ = '-';
    at = put_padded(at, static_cast<unsigned>(date.day()), 2);
    *at++ = 'T';
    at = put_padded(at, milliseconds / 3'600'000, 2);
    *at++ = ':';
    at = put_padded(at, milliseconds / 60'000 % 60, 2);
    *at++ = ':';
    at = put_padded(at, milliseconds / 1'000 % 60, 2);
    *at++ = '.';
    at = put_padded(at, milliseconds % 1'000, 3);
    *at++ = 'Z';
    *at++ = '"';
    out.append(text.data(), at);
}

std::string& JsonObject::key(std::string_view name) {
    if (!first_) {
        out_ += ',';
    }
    first_ = false;
    out_ += '"';
    out_ += name;
    out_ += "\":";
    return out_;
}

void JsonObject::text_or_null(std::string_view name, std::string_view value) {
    if (value.empty()) {
        null(name);
    } else {
        text(name, value);
    }
}

void JsonObject::time_or_null(std::string_view name, std::optional<WallTime> value) {
    if (value) {
        time(name, *value);
    } else {
        null(name);
    }
}

void JsonObject::texts(std::string_view name, std::span<std::string const> values) {
    append_json_list(key(name), values, append_json_string);
}

bool is_json_object(std::string_view text) {
    class Reader : public detail::SaxReader {
    public:
        bool start_object(std::size_t size) {
            object_ = object_ || (depth() == 0 && !array_);
            return SaxReader::start_object(size);
        }
        bool start_array(std::size_t size) {
            array_ = array_ || (depth() == 0 && !object_);
            return SaxReader::start_array(size);
        }
        [[nodiscard]] bool object() const noexcept { return object_; }

    private:
        bool object_{false};
        bool array_{false};
    };
    Reader reader;
    return nlohmann::json::sax_parse(text.begin(), text.end(), &reader) && reader.object();
}

}  // namespace muster
