#include <muster/importing/draft.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace muster::importing {
namespace {

// What the configuration takes (docs/configuration.md).
constexpr Millis kLeastInterval{100};
constexpr Millis kMostInterval{7 * 24h};
constexpr Millis kLeastTimeout{1};
constexpr Millis kMostTimeout{10min};
constexpr double kMostRetries = 1000;

void add_note(Draft& draft, Weight weight, std::string what, std::string why, std::string remedy) {
    draft.outcome = std::max(draft.outcome, weight);
    draft.notes.push_back(
        {weight, draft.origin, std::move(what), std::move(why), std::move(remedy)});
}

Millis held(Draft& draft, char const* what, Millis value, Millis least, Millis most) {
    auto const kept = std::clamp(value, least, most);
    if (kept != value) {
        draft.lose(std::string(what) + " " + format_duration(value),
                   "is " + format_duration(kept) + " now: from " + format_duration(least) + " to " +
                       format_duration(most) + " can be had",
                   "check whether that will do");
    }
    return kept;
}

}  // namespace

std::string as_literal(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        out += text.substr(at, 2) == "${" ? std::string_view("$$") : text.substr(at, 1);
    }
    return out;
}

void Draft::tell(std::string what, std::string why, std::string remedy) {
    add_note(*this, Weight::told, std::move(what), std::move(why), std::move(remedy));
}

void Draft::lose(std::string what, std::string why, std::string remedy) {
    add_note(*this, Weight::partly, std::move(what), std::move(why), std::move(remedy));
}

void Draft::leave_out(std::string what, std::string why, std::string remedy) {
    add_note(*this, Weight::missing, std::move(what), std::move(why), std::move(remedy));
}

void set_interval(Draft& draft, Millis interval) {
    draft.interval = held(draft, "interval", interval, kLeastInterval, kMostInterval);
}

void set_timeout(Draft& draft, Millis timeout) {
    draft.timeout = held(draft, "timeout", timeout, kLeastTimeout, kMostTimeout);
}

void set_retries(Draft& draft, double retries) {
    auto const kept = std::clamp(std::floor(retries), 0.0, kMostRetries);
    if (retries > kMostRetries) {
        draft.lose("retries", "are 1000 now, the most that can be had", "");
    }
    draft.retries = static_cast<std::uint32_t>(kept);
}

}  // namespace muster::importing
