#include <muster/api/live_position.hpp>

#include <charconv>

namespace muster {
namespace {

/// All of a text as a number in plain digits.
std::optional<std::uint64_t> part_of(std::string_view text) noexcept {
    std::uint64_t value = 0;
    auto const* const end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stopped != end) {
        return std::nullopt;
    }
    return value;
}

}  // namespace

std::string to_text(LivePosition position) {
    return std::to_string(position.epoch) + ':' + std::to_string(position.seq);
}

std::optional<LivePosition> parse_live_position(std::string_view text) noexcept {
    auto const colon = text.find(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    auto const epoch = part_of(text.substr(0, colon));
    auto const seq = part_of(text.substr(colon + 1));
    if (!epoch || !seq) {
        return std::nullopt;
    }
    return LivePosition{*epoch, *seq};
}

}  // namespace muster
