#pragma once

// Private to this library: the building blocks of stored fields.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <muster/base/bytes.hpp>
#include <muster/base/enum_names.hpp>
#include <muster/base/time.hpp>

namespace muster::compact {

inline constexpr std::size_t kMaxOutcomeText = 1024;
inline constexpr std::size_t kMaxText = std::size_t{64} << 10;
inline constexpr std::size_t kMaxItems = 1000;
inline constexpr std::size_t kMaxItemText = 1024;

/// At most `limit` bytes of `text`, cut at a character's border.
[[nodiscard]] constexpr std::string_view cut(std::string_view text, std::size_t limit) noexcept {
    if (text.size() <= limit) {
        return text;
    }
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0U) == 0x80U) {
        --limit;
    }
    return text.substr(0, limit);
}

/// Small magnitudes to small numbers, whatever the sign: 0, -1, 1, -2 ... to 0, 1, 2, 3 ...
[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t value) noexcept {
    return (static_cast<std::uint64_t>(value) << 1U) ^ (value < 0 ? ~std::uint64_t{0} : 0);
}

[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t bits) noexcept {
    return static_cast<std::int64_t>((bits >> 1U) ^ (~(bits & 1U) + 1U));
}

/// Appends to a buffer that it does not own. Integers are LEB128 (7 bits a byte, lowest first),
/// signed ones after zigzag (protobuf's sint64).
class Writer {
public:
    explicit Writer(Bytes& out) noexcept : out_(out) {}

    void byte(std::uint8_t value) { out_.push_back(static_cast<std::byte>(value)); }
    void flag(bool value) { byte(value ? 1 : 0); }

    template <class E>
    void symbol(E value) requires std::is_enum_v<E> {
        byte(static_cast<std::uint8_t>(value));
    }

    void unsigned_number(std::uint64_t value) {
        std::byte raw[10];
        std::size_t size = 0;
        while (value >= 0x80U) {
            raw[size++] = static_cast<std::byte>(value | 0x80U);
            value >>= 7U;
        }
        raw[size++] = static_cast<std::byte>(value);
        out_.insert(out_.end(), raw, raw + size);
    }

    void signed_number(std::int64_t value) { unsigned_number(zigzag(value)); }

    void real(double value) {
        std::uint64_t bits = 0;
        std::memcpy(&bits, &value, sizeof bits);
        fixed64(bits);
    }

    void fixed64(std::uint64_t bits) {
        std::byte raw[8];
        for (unsigned index = 0; index < 8; ++index) {
            raw[index] = static_cast<std::byte>(bits >> (8 * index));
        }
        out_.insert(out_.end(), raw, raw + 8);
    }

    void wall(WallTime time) { signed_number(time.time_since_epoch().count()); }
    void millis(Millis length) { signed_number(length.count()); }
    void micros(Micros length) { signed_number(length.count()); }

    void text(std::string_view value, std::size_t limit = kMaxText) {
        auto const view = as_byte_view(cut(value, limit));
        unsigned_number(view.size());
        out_.insert(out_.end(), view.begin(), view.end());
    }

private:
    Bytes& out_;
};

/// Reads what Writer wrote. What is wrong (past the end, a length that lies, an enum's value that
/// does not exist) makes everything further zero and `ok()` false: check once at the end.
class Reader {
public:
    explicit Reader(ByteView in) noexcept : at_(in.data()), end_(in.data() + in.size()) {}

    [[nodiscard]] std::uint8_t byte() noexcept {
        if (at_ == end_) {
            fail();
            return 0;
        }
        return static_cast<std::uint8_t>(*at_++);
    }

    [[nodiscard]] bool flag() noexcept {
        auto const value = byte();
        if (value > 1) {
            fail();
        }
        return value == 1;
    }

    /// A value that the enum's table has.
    template <class E>
    [[nodiscard]] E symbol() noexcept {
        return symbol_of<E>(byte());
    }

    template <class E>
    [[nodiscard]] E symbol_of(std::uint8_t value) noexcept {
        if (to_string(static_cast<E>(value)).empty()) {
            fail();
            return E{};
        }
        return static_cast<E>(value);
    }

    [[nodiscard]] std::uint64_t unsigned_number() noexcept {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            auto const next = byte();
            value |= static_cast<std::uint64_t>(next & 0x7fU) << shift;
            if ((next & 0x80U) == 0) {
                if (shift == 63 && next > 1) {
                    fail();
                    return 0;
                }
                return value;
            }
        }
        fail();
        return 0;
    }

    /// An unsigned number that fits into T.
    template <class T>
    [[nodiscard]] T narrow() noexcept {
        auto const value = unsigned_number();
        if (value > std::numeric_limits<T>::max()) {
            fail();
            return 0;
        }
        return static_cast<T>(value);
    }

    [[nodiscard]] std::int64_t signed_number() noexcept { return unzigzag(unsigned_number()); }

    [[nodiscard]] double real() noexcept {
        auto const bits = fixed64();
        double value = 0;
        std::memcpy(&value, &bits, sizeof value);
        return value;
    }

    [[nodiscard]] std::uint64_t fixed64() noexcept {
        if (left() < 8) {
            fail();
            return 0;
        }
        std::uint64_t bits = 0;
        for (unsigned index = 0; index < 8; ++index) {
            bits |= static_cast<std::uint64_t>(*at_++) << (8 * index);
        }
        return bits;
    }

    [[nodiscard]] WallTime wall() noexcept { return WallTime(Millis(signed_number())); }
    [[nodiscard]] Millis millis() noexcept { return Millis(signed_number()); }
    [[nodiscard]] Micros micros() noexcept { return Micros(signed_number()); }

    [[nodiscard]] std::string text() {
        auto const size = unsigned_number();
        if (size > left()) {
            fail();
            return {};
        }
        std::string value(reinterpret_cast<char const*>(at_), static_cast<std::size_t>(size));
        at_ += size;
        return value;
    }

    /// The length of a list whose items take at least `item_bytes` each.
    [[nodiscard]] std::size_t count(std::size_t item_bytes = 1) noexcept {
        auto const value = unsigned_number();
        if (value > left() / item_bytes) {
            fail();
            return 0;
        }
        return static_cast<std::size_t>(value);
    }

    /// What is read has no meaning to us.
    void fail() noexcept {
        ok_ = false;
        at_ = end_;
    }

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
    /// All was read, and made sense.
    [[nodiscard]] bool complete() const noexcept { return ok_ && at_ == end_; }

private:
    std::byte const* at_;
    std::byte const* end_;
    bool ok_{true};
};

template <class T, class Put>
void put_optional(Writer& out, std::optional<T> const& value, Put put) {
    out.flag(value.has_value());
    if (value) {
        put(*value);
    }
}

template <class Get>
[[nodiscard]] auto get_optional(Reader& in, Get get) -> std::optional<decltype(get())> {
    if (!in.flag()) {
        return std::nullopt;
    }
    return get();
}

}  // namespace muster::compact
