#include <demo/log.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <demo/figures.hpp>
#include <demo/noise.hpp>

namespace muster::demo {
namespace {

/// Channels of noise, apart from those of the figures.
enum LogChannel : std::uint32_t {
    kSpoken = 100,
    kMoment,
    kLevel,
    kTemplate,
    kPlaceholder,  // and following: one per placeholder of a line
};

constexpr Millis kSlot = 2s;  // at most one line in each

constexpr std::array<std::string_view, 8> kUsers{"amelie", "björn", "chidi", "dana",
                                                 "emre",   "fatou", "goran", "hana"};

LogLevel level_of(double chance, double load) {
    auto const strain = std::max(0.0, load - 0.7);
    if (chance < 0.008 + 0.10 * strain) {
        return LogLevel::error;
    }
    return chance < 0.05 + 0.25 * strain ? LogLevel::warn : LogLevel::info;
}

std::span<std::string_view const> templates_of(LogTemplates const& all, LogLevel level) {
    switch (level) {
        case LogLevel::info:
            return all.info;
        case LogLevel::warn:
            return all.warn;
        case LogLevel::error:
            return all.error;
    }
    return {};
}

std::string placeholder(std::string_view name, double chance) {
    if (name == "n") {
        return std::to_string(2 + static_cast<int>(std::pow(chance, 3.0) * 4000.0));
    }
    if (name == "ms") {
        return std::to_string(12 + static_cast<int>(std::pow(chance, 4.0) * 2400.0));
    }
    if (name == "user") {
        auto const index = static_cast<std::size_t>(chance * static_cast<double>(kUsers.size()));
        return std::string{kUsers[index]};
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    auto bits = static_cast<std::uint32_t>(chance * 0x1p24);
    auto id = std::string(6, '0');
    for (auto& digit : id) {
        digit = kDigits[bits % kDigits.size()];
        bits /= static_cast<std::uint32_t>(kDigits.size());
    }
    return id;
}

std::string expand(std::string_view text, Noise const& noise, std::int64_t slot) {
    auto message = std::string{};
    auto channel = std::uint32_t{kPlaceholder};
    while (true) {
        auto const open = text.find('{');
        message += text.substr(0, open);
        if (open == std::string_view::npos) {
            return message;
        }
        auto const close = text.find('}', open);
        message +=
            placeholder(text.substr(open + 1, close - open - 1), noise.at_step(channel++, slot));
        text.remove_prefix(close + 1);
    }
}

}  // namespace

std::vector<LogLine> log_lines(Personality const& who, std::uint64_t seed, WallTime from,
                               WallTime to) {
    auto const noise = Noise{who.name, seed};
    auto lines = std::vector<LogLine>{};
    for (auto slot = step_of(from, kSlot); slot * kSlot <= to.time_since_epoch(); ++slot) {
        auto const late = noise.at_step(kMoment, slot) * static_cast<double>(kSlot.count());
        auto const at = WallTime{slot * kSlot + Millis{static_cast<std::int64_t>(late)}};
        auto const load = load_at(who, seed, at);
        auto const silent = noise.at_step(kSpoken, slot) > 0.12 + 0.8 * load;
        if (silent || at <= from || at > to) {
            continue;
        }
        auto const level = level_of(noise.at_step(kLevel, slot), load);
        auto const choices = templates_of(who.log, level);
        auto const choice = noise.at_step(kTemplate, slot) * static_cast<double>(choices.size());
        lines.push_back(
            {.at = at,
             .level = level,
             .message = expand(choices[static_cast<std::size_t>(choice)], noise, slot)});
    }
    return lines;
}

void LogRing::push(LogLine line) {
    if (lines_.size() == capacity_) {
        lines_.pop_front();
    }
    lines_.push_back(std::move(line));
}

LogPage LogRing::page(std::size_t limit, std::size_t offset) const {
    auto const first = std::min(offset, lines_.size());
    auto const count = std::min(limit, lines_.size() - first);
    auto const newest = lines_.rbegin() + static_cast<std::ptrdiff_t>(first);
    return {.lines = {newest, newest + static_cast<std::ptrdiff_t>(count)}, .total = lines_.size()};
}

}  // namespace muster::demo
