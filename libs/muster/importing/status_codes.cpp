#include <muster/importing/status_codes.hpp>

#include <algorithm>

namespace muster::importing {

StatusCodes StatusCodes::between(std::int64_t first, std::int64_t last) noexcept {
    StatusCodes made;
    auto const end = std::min<std::int64_t>(last, kMost);
    for (auto code = std::max<std::int64_t>(first, kLeast); code <= end; ++code) {
        made.codes_.set(static_cast<std::size_t>(code));
    }
    return made;
}

StatusCodes& StatusCodes::operator&=(StatusCodes const& other) noexcept {
    codes_ &= other.codes_;
    return *this;
}

StatusCodes& StatusCodes::operator|=(StatusCodes const& other) noexcept {
    codes_ |= other.codes_;
    return *this;
}

StatusCodes StatusCodes::others() const noexcept {
    auto rest = all();
    rest.codes_ &= ~codes_;
    return rest;
}

std::vector<StatusRange> StatusCodes::ranges() const {
    std::vector<StatusRange> found;
    for (std::uint16_t code = kLeast; code <= kMost; ++code) {
        if (!codes_.test(code)) {
            continue;
        }
        if (!found.empty() && found.back().last + 1 == code) {
            found.back().last = code;
        } else {
            found.push_back({code, code});
        }
    }
    return found;
}

}  // namespace muster::importing
