#include <muster/base/nearest.hpp>

#include <algorithm>
#include <vector>

#include <muster/base/ascii.hpp>

namespace muster {
namespace {

bool starts_with(std::string_view text, std::string_view start) noexcept {
    return text.substr(0, start.size()) == start;
}

}  // namespace

std::size_t edit_distance(std::string_view left, std::string_view right) {
    using Row = std::vector<std::size_t>;
    Row before_last(right.size() + 1);
    Row last(right.size() + 1);
    Row row(right.size() + 1);
    for (std::size_t j = 0; j <= right.size(); ++j) {
        last[j] = j;
    }
    auto const same = [&](std::size_t i, std::size_t j) {
        return to_lower(left[i - 1]) == to_lower(right[j - 1]);
    };
    for (std::size_t i = 1; i <= left.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same(i, j) ? 0 : 1)});
            if (i > 1 && j > 1 && same(i, j - 1) && same(i - 1, j)) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
        std::swap(before_last, last);
        std::swap(last, row);
    }
    return last[right.size()];
}

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<std::string_view const> known) {
    constexpr std::size_t kLongest = 64;
    if (word.size() > kLongest) {
        return std::nullopt;
    }
    std::optional<std::string_view> best;
    auto best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (auto const candidate : known) {
        auto const apart =
            std::max(word.size(), candidate.size()) - std::min(word.size(), candidate.size());
        if (apart >= best_distance) {
            continue;  // so many letters must be put in or taken out at least
        }
        auto const distance = edit_distance(word, candidate);
        if (distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    constexpr std::size_t kShortest = 3;
    for (auto const candidate : known) {
        bool const long_enough = std::min(word.size(), candidate.size()) >= kShortest;
        if (!best && long_enough &&
            (starts_with(word, candidate) || starts_with(candidate, word))) {
            best = candidate;
        }
    }
    return best;
}

}  // namespace muster
