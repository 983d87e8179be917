#include <muster/config/read_policy.hpp>

#include <array>
#include <charconv>
#include <optional>
#include <string>

namespace muster::config {
namespace {

constexpr DurationBounds kTimeoutBounds{1ms, 10min};
constexpr DurationBounds kLatencyBounds{1ms, 10min};
constexpr DurationBounds kGraceBounds{0ms, 24h};
constexpr CountBounds kRetriesBounds{0, 1000};
constexpr CountBounds kSuccessBounds{1, 1000};
constexpr std::uint32_t kMostHysteresis = 99;

void read_small_count(Reading& reading, Mapping const& from, std::string_view key,
                      CountBounds bounds, std::uint32_t& out) {
    std::uint64_t count = out;
    read_count(reading, from, key, bounds, count);
    out = static_cast<std::uint32_t>(count);
}

/// `[3, 5]`: 3 failures of the last 5.
void read_failures_of(Reading& reading, Mapping const& from, FailuresOf& out) {
    auto const* field = from.find("failuresOf");
    if (field == nullptr) {
        return;
    }
    auto const wanted =
        "two numbers such as [3, 5] (3 failures of the last 5, at most of the last " +
        std::to_string(FailuresOf::kMost) + "), or [] for none";
    if (field->value.kind() != NodeKind::list) {
        refuse_value(reading, field->value, "failuresOf", wanted);
        return;
    }
    std::array<std::uint32_t, 2> numbers{};
    std::size_t count = 0;
    for (auto const item : field->value) {
        if (count == numbers.size()) {
            ++count;
            break;
        }
        auto const number = count_of(reading, item, "failuresOf", {1, FailuresOf::kMost});
        if (!number) {
            return;
        }
        numbers[count++] = static_cast<std::uint32_t>(*number);
    }
    if (count == 0) {
        out = {};
    } else if (count != numbers.size() || numbers[0] > numbers[1]) {
        reading.refuse(field->value, "'failuresOf' wants " + wanted);
    } else {
        out = {numbers[0], numbers[1]};
    }
}

void read_hysteresis(Reading& reading, Mapping const& from, std::uint32_t& out) {
    constexpr std::string_view kWanted = "a percentage from 0% to 99%, such as 20%";
    auto const* field = from.find("hysteresis");
    if (field == nullptr) {
        return;
    }
    auto text = scalar_of(reading, field->value, "hysteresis", kWanted);
    if (!text) {
        return;
    }
    if (!text->empty() && text->back() == '%') {
        text->pop_back();
    }
    std::uint32_t percent = 0;
    auto const* const end = text->data() + text->size();
    auto const [stopped, error] = std::from_chars(text->data(), end, percent);
    if (text->empty() || error != std::errc{} || stopped != end || percent > kMostHysteresis) {
        refuse_value(reading, field->value, "hysteresis", kWanted);
        return;
    }
    out = percent;
}

/// Only of what the section itself says: what it takes over from elsewhere is nobody's slip.
void warn_of_contradictions(Reading& reading, Mapping const& from, std::string_view interval_key,
                            HealthPolicy const& policy) {
    auto const* const timeout = from.find("timeout");
    auto const* const slow = from.find("degradedAbove");
    auto const* const retries = from.find("retries");
    auto const* const failures_of = from.find("failuresOf");
    if (timeout != nullptr && policy.timeout > policy.interval) {
        reading.warn(timeout->value, "'timeout' (" + format_duration(policy.timeout) +
                                         ") is longer than '" + std::string(interval_key) + "' (" +
                                         format_duration(policy.interval) +
                                         "): a check that takes so long skips the next ones");
    }
    if (slow != nullptr && policy.degraded_above >= policy.timeout) {
        reading.warn(slow->value, "'degradedAbove' (" + format_duration(policy.degraded_above) +
                                      ") is not below 'timeout' (" +
                                      format_duration(policy.timeout) +
                                      "): no answer is ever slow, only too late");
    }
    if (retries != nullptr && failures_of != nullptr && policy.failures_of.of > 0) {
        reading.warn(retries->value, "'retries' says nothing where 'failuresOf' is given");
    }
}

}  // namespace

void read_policy(Reading& reading, Mapping const& from, std::string_view interval_key,
                 HealthPolicy& policy) {
    read_duration(reading, from, interval_key, kIntervalBounds, policy.interval);
    read_duration(reading, from, "timeout", kTimeoutBounds, policy.timeout);
    read_duration(reading, from, "degradedAbove", kLatencyBounds, policy.degraded_above);
    auto retries = policy.failure_threshold - 1;
    read_small_count(reading, from, "retries", kRetriesBounds, retries);
    policy.failure_threshold = retries + 1;
    read_small_count(reading, from, "successThreshold", kSuccessBounds, policy.success_threshold);
    read_failures_of(reading, from, policy.failures_of);
    read_hysteresis(reading, from, policy.hysteresis_percent);
    read_duration(reading, from, "grace", kGraceBounds, policy.grace);
    warn_of_contradictions(reading, from, interval_key, policy);
}

}  // namespace muster::config
