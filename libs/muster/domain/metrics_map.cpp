#include <muster/domain/metrics_map.hpp>

#include <chrono>

namespace muster {
namespace {

double MetricsSample::*member_named(std::string_view name) noexcept {
    for (auto const& [known, member] : kMetricsFields) {
        if (known == name) {
            return member;
        }
    }
    return nullptr;
}

constexpr std::size_t kMaxApiName = 200;

/// One series may be read by several expressions, and each takes its own growth.
std::uint64_t key_of(CounterReading const& counter) noexcept {
    return counter.series ^ ((counter.reading + 1) * 0x9e3779b97f4a7c15ULL);
}

}  // namespace

Result<void> check_metrics_field(std::string_view field) {
    if (field.starts_with(kApiUsagePrefix)) {
        auto const api = field.substr(kApiUsagePrefix.size());
        if (api.empty() || api.size() > kMaxApiName) {
            return failure(Errc::invalid, "a name in apiUsage has 1 to " +
                                              std::to_string(kMaxApiName) + " characters");
        }
        return {};
    }
    if (member_named(field) != nullptr) {
        return {};
    }
    std::string known;
    for (auto const& [name, member] : kMetricsFields) {
        known += std::string(name) + ", ";
    }
    return failure(Errc::invalid, "'" + std::string(field) + "' is none of the figures: " + known +
                                      "apiUsage.<name>");
}

Result<MetricsMap> MetricsMap::compile(std::map<std::string, std::string> const& expressions) {
    if (expressions.size() > kMaxFields) {
        return failure(Errc::invalid,
                       "metricsMap has at most " + std::to_string(kMaxFields) + " figures");
    }
    MetricsMap map;
    for (auto const& [field, text] : expressions) {
        if (auto known = check_metrics_field(field); !known) {
            return tl::unexpected(std::move(known.error()));
        }
        auto expression = parse_metrics_expression(text);
        if (!expression) {
            return prefixed(field, std::move(expression.error()));
        }
        Entry entry;
        entry.field = member_named(field);
        if (entry.field == nullptr) {
            entry.api = field.substr(kApiUsagePrefix.size());
        }
        entry.first_reading = map.readings_.size();
        map.readings_.insert(map.readings_.end(), expression->readings.begin(),
                             expression->readings.end());
        entry.expression = std::move(*expression);
        map.entries_.push_back(std::move(entry));
    }
    return map;
}

MetricsSample MetricsMap::sample(std::span<double const> values, double seconds) const {
    MetricsSample result;
    for (auto const& entry : entries_) {
        auto const own = values.subspan(entry.first_reading, entry.expression.readings.size());
        auto const value = evaluate(entry.expression, own, seconds);
        if (entry.field != nullptr) {
            result.*entry.field = value;
        } else {
            result.api_usage[entry.api] = value;
        }
    }
    return result;
}

double CounterMemory::take(SeriesReadings& readings, SteadyTime at) {
    bool const first = collections_++ == 0;
    for (auto const& counter : readings.counters) {
        auto const [known, added] = series_.try_emplace(key_of(counter));
        auto& seen = known->second;
        if (!first) {
            bool const went_on = counter.value >= seen.value;  // of a new series: from 0
            readings.values[counter.reading] +=
                went_on ? counter.value - seen.value : counter.value;
        }
        seen = {counter.value, collections_};
    }
    forget();
    auto const seconds = first ? 0 : std::chrono::duration<double>(at - last_).count();
    last_ = at;
    return seconds;
}

void CounterMemory::forget() {
    auto const kept = series_.size() > kMaxSeries ? 0 : kRemembered;
    std::erase_if(series_,
                  [&](auto const& entry) { return collections_ - entry.second.collection > kept; });
}

}  // namespace muster
