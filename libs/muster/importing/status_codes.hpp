#pragma once

#include <bitset>
#include <cstdint>
#include <vector>

#include <muster/domain/http_expectation.hpp>

namespace muster::importing {

/// A set of HTTP status codes.
class StatusCodes {
public:
    static constexpr int kLeast = 100;
    static constexpr int kMost = 599;

    /// From `first` to `last`, both included, as far as they are codes.
    [[nodiscard]] static StatusCodes between(std::int64_t first, std::int64_t last) noexcept;
    [[nodiscard]] static StatusCodes all() noexcept { return between(kLeast, kMost); }

    StatusCodes& operator&=(StatusCodes const& other) noexcept;
    StatusCodes& operator|=(StatusCodes const& other) noexcept;
    [[nodiscard]] StatusCodes others() const noexcept;

    [[nodiscard]] bool empty() const noexcept { return codes_.none(); }
    [[nodiscard]] std::vector<StatusRange> ranges() const;

    bool operator==(StatusCodes const&) const = default;

private:
    std::bitset<kMost + 1> codes_;
};

}  // namespace muster::importing
