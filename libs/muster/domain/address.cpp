#include <muster/domain/address.hpp>

#include <algorithm>
#include <cstddef>

namespace muster {
namespace {

/// Decimal, 0-255, no leading zero.
std::optional<std::uint8_t> octet(std::string_view text) noexcept {
    if (text.empty() || text.size() > 3 || (text.size() > 1 && text.front() == '0')) {
        return std::nullopt;
    }
    int value = 0;
    for (char const character : text) {
        if (character < '0' || character > '9') {
            return std::nullopt;
        }
        value = value * 10 + (character - '0');
    }
    if (value > 255) {
        return std::nullopt;
    }
    return static_cast<std::uint8_t>(value);
}

std::optional<std::uint16_t> group(std::string_view text) noexcept {
    if (text.empty() || text.size() > 4) {
        return std::nullopt;
    }
    unsigned value = 0;
    for (char const character : text) {
        unsigned digit = 0;
        if (character >= '0' && character <= '9') {
            digit = static_cast<unsigned>(character - '0');
        } else if (character >= 'a' && character <= 'f') {
            digit = static_cast<unsigned>(character - 'a') + 10;
        } else if (character >= 'A' && character <= 'F') {
            digit = static_cast<unsigned>(character - 'A') + 10;
        } else {
            return std::nullopt;
        }
        value = value * 16 + digit;
    }
    return static_cast<std::uint16_t>(value);
}

/// The groups on one side of `::`, or of a whole address.
struct Side {
    IPv6Bytes bytes{};
    std::size_t size{0};

    bool push(std::uint8_t byte) noexcept {
        if (size == bytes.size()) {
            return false;
        }
        bytes[size++] = byte;
        return true;
    }
};

/// `text` is empty or groups with single colons; only where `may_end_in_ipv4` a dotted quad is
/// last.
std::optional<Side> side(std::string_view text, bool may_end_in_ipv4) noexcept {
    Side result;
    while (!text.empty()) {
        auto const colon = text.find(':');
        auto const part = text.substr(0, colon);
        bool const last = colon == std::string_view::npos;
        if (last && may_end_in_ipv4 && part.find('.') != std::string_view::npos) {
            auto const quad = parse_ipv4(part);
            if (!quad || !std::all_of(quad->begin(), quad->end(),
                                      [&](std::uint8_t byte) { return result.push(byte); })) {
                return std::nullopt;
            }
            return result;
        }
        auto const value = group(part);
        if (!value || !result.push(static_cast<std::uint8_t>(*value >> 8U)) ||
            !result.push(static_cast<std::uint8_t>(*value & 0xFFU))) {
            return std::nullopt;
        }
        if (last) {
            return result;
        }
        text.remove_prefix(colon + 1);
        if (text.empty()) {
            return std::nullopt;  // ends in a single colon
        }
    }
    return result;
}

}  // namespace

std::optional<IPv4Bytes> parse_ipv4(std::string_view text) noexcept {
    IPv4Bytes bytes{};
    for (std::size_t index = 0; index < bytes.size(); ++index) {
        auto const dot = text.find('.');
        bool const last = index + 1 == bytes.size();
        if (last != (dot == std::string_view::npos)) {
            return std::nullopt;
        }
        auto const value = octet(text.substr(0, dot));
        if (!value) {
            return std::nullopt;
        }
        bytes[index] = *value;
        text.remove_prefix(last ? text.size() : dot + 1);
    }
    return bytes;
}

std::optional<IPv6Bytes> parse_ipv6(std::string_view text) noexcept {
    auto const gap = text.find("::");
    if (gap == std::string_view::npos) {
        auto const whole = side(text, true);
        return whole && whole->size == whole->bytes.size() ? std::optional(whole->bytes)
                                                           : std::nullopt;
    }
    auto const front = side(text.substr(0, gap), false);
    auto const back = side(text.substr(gap + 2), true);
    // `::` stands for at least one group.
    if (!front || !back || front->size + back->size > front->bytes.size() - 2) {
        return std::nullopt;
    }
    IPv6Bytes bytes{};
    std::copy_n(front->bytes.begin(), front->size, bytes.begin());
    std::copy_n(back->bytes.begin(), back->size,
                bytes.end() - static_cast<std::ptrdiff_t>(back->size));
    return bytes;
}

}  // namespace muster
