#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <muster/base/time.hpp>

namespace muster {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<std::byte const>;

[[nodiscard]] inline ByteView as_byte_view(std::string_view text) noexcept {
    return std::as_bytes(std::span<char const>(text.data(), text.size()));
}

/// Appends fixed-width little-endian values to a buffer it does not own. Used for everything that
/// Muster writes for itself (journal, checkpoint).
class ByteWriter {
public:
    explicit ByteWriter(Bytes& out) noexcept : out_(out) {}

    template <class T>
    void number(T value) requires(std::is_integral_v<T> || std::is_enum_v<T>) {
        using Wide = std::uint64_t;
        auto const bits = static_cast<Wide>(value);
        std::byte raw[sizeof(T)];
        for (std::size_t index = 0; index < sizeof(T); ++index) {
            raw[index] = static_cast<std::byte>((bits >> (8 * index)) & 0xffU);
        }
        out_.insert(out_.end(), raw, raw + sizeof(T));
    }

    void real(double value) {
        std::uint64_t bits = 0;
        std::memcpy(&bits, &value, sizeof bits);
        number(bits);
    }

    void wall(WallTime time) { number<std::int64_t>(time.time_since_epoch().count()); }

    /// A length (32 bit) and the bytes.
    void text(std::string_view value) {
        number(static_cast<std::uint32_t>(value.size()));
        auto const view = as_byte_view(value);
        out_.insert(out_.end(), view.begin(), view.end());
    }

private:
    Bytes& out_;
};

/// Reads what ByteWriter wrote. Reading past the end, or a length that lies, makes every further
/// read give zero and `ok()` false: check once at the end.
class ByteReader {
public:
    explicit ByteReader(ByteView in) noexcept : in_(in) {}

    template <class T>
    [[nodiscard]] T number() requires(std::is_integral_v<T> || std::is_enum_v<T>) {
        if (!take(sizeof(T))) {
            return T{};
        }
        std::uint64_t bits = 0;
        for (std::size_t index = 0; index < sizeof(T); ++index) {
            bits |= static_cast<std::uint64_t>(in_[at_ - sizeof(T) + index]) << (8 * index);
        }
        return static_cast<T>(bits);
    }

    [[nodiscard]] double real() {
        auto const bits = number<std::uint64_t>();
        double value = 0;
        std::memcpy(&value, &bits, sizeof value);
        return value;
    }

    [[nodiscard]] WallTime wall() { return WallTime(Millis(number<std::int64_t>())); }

    [[nodiscard]] std::string_view text() {
        auto const size = number<std::uint32_t>();
        if (!take(size)) {
            return {};
        }
        return {reinterpret_cast<char const*>(in_.data() + at_ - size), size};
    }

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] bool at_end() const noexcept { return at_ == in_.size(); }
    [[nodiscard]] std::size_t left() const noexcept { return in_.size() - at_; }

private:
    bool take(std::size_t size) noexcept {
        if (!ok_ || size > in_.size() - at_) {
            ok_ = false;
            return false;
        }
        at_ += size;
        return true;
    }

    ByteView in_;
    std::size_t at_{0};
    bool ok_{true};
};

}  // namespace muster
