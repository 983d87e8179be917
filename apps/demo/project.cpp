#include <demo/project.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace muster::demo {
namespace {

constexpr std::size_t kLogCapacity = 2'000;
constexpr Millis kLogPast = 1h;  // a project that nobody asked for longer has forgotten the rest

std::string described(Chaos const& chaos) {
    if (chaos.mode == ChaosMode::none) {
        return "chaos: recovered";
    }
    auto text = "chaos: mode " + std::string{to_string(chaos.mode)};
    if (chaos.lasts) {
        text += " for " + format_duration(*chaos.lasts);
    }
    return text;
}

}  // namespace

Project::Project(Personality const& who, std::uint64_t seed, Now now)
    : who_{who},
      seed_{seed},
      now_{std::move(now)},
      log_{kLogCapacity},
      logged_until_{now_().wall - kLogPast} {}

Figures Project::figures() const {
    return figures_at(who_, seed_, now_().wall);
}

LogPage Project::log(std::size_t limit, std::size_t offset) {
    auto const now = now_();
    auto const lock = std::lock_guard{mutex_};
    catch_up(now.wall);
    return log_.page(limit, offset);
}

void Project::set_chaos(Chaos const& order) {
    auto const now = now_();
    auto const lock = std::lock_guard{mutex_};
    chaos_.set(order, now.steady);
    catch_up(now.wall);
    auto const level = order.mode == ChaosMode::none ? LogLevel::info : LogLevel::warn;
    log_.push({.at = now.wall, .level = level, .message = described(order)});
}

Chaos Project::chaos() const {
    auto const now = now_();
    auto const lock = std::lock_guard{mutex_};
    return chaos_.at(now.steady);
}

void Project::catch_up(WallTime now) {
    // The clock may have been set back, or hours ahead.
    if (now <= logged_until_) {
        return;
    }
    for (auto& line : log_lines(who_, seed_, std::max(logged_until_, now - kLogPast), now)) {
        log_.push(std::move(line));
    }
    logged_until_ = now;
}

}  // namespace muster::demo
