#include <muster/codec/series_readings.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <muster/base/hash.hpp>

namespace muster {
namespace {

using Read = MetricsReading::Kind;

/// The same whatever the order in which the labels are written.
std::uint64_t identity_of(SeriesValue const& value) noexcept {
    std::uint64_t identity = stable_hash(value.name);
    for (auto const& label : value.labels) {
        identity += stable_hash(label.value) * (stable_hash(label.name) | 1U);
    }
    return identity;
}

/// Sorts what the lines show into the readings of a map.
class ReadingCollector final : public ExpositionVisitor {
public:
    explicit ReadingCollector(MetricsMap const& map) : readings_(map.readings()) {
        found_.values.assign(readings_.size(), 0);
        met_.assign(readings_.size(), false);
        for (std::uint32_t index = 0; index < readings_.size(); ++index) {
            by_name_.emplace_back(readings_[index].series.name, index);
        }
        std::sort(by_name_.begin(), by_name_.end());
    }

    [[nodiscard]] bool value(SeriesValue const& value) override {
        auto next = std::lower_bound(
            by_name_.begin(), by_name_.end(), value.name,
            [](auto const& entry, std::string_view name) { return entry.first < name; });
        if (next == by_name_.end() || next->first != value.name || std::isnan(value.value)) {
            return true;
        }
        for (; next != by_name_.end() && next->first == value.name; ++next) {
            if (meant(readings_[next->second].series, value)) {
                take(next->second, value);
            }
        }
        return found_.counters.size() <= kMaxCounters;
    }

    [[nodiscard]] SeriesReadings take_all() { return std::move(found_); }
    [[nodiscard]] bool too_many() const noexcept { return found_.counters.size() > kMaxCounters; }

private:
    static bool meant(SeriesSelector const& selector, SeriesValue const& value) {
        return std::all_of(selector.matchers.begin(), selector.matchers.end(),
                           [&value](LabelMatcher const& matcher) {
                               return matcher.accepts(value.label(matcher.label));
                           });
    }

    void take(std::uint32_t index, SeriesValue const& value) {
        auto& number = found_.values[index];
        bool const first = !met_[index];
        met_[index] = true;
        switch (readings_[index].kind) {
            case Read::sum:
                number += value.value;
                break;
            case Read::max:
                number = first ? value.value : std::max(number, value.value);
                break;
            case Read::min:
                number = first ? value.value : std::min(number, value.value);
                break;
            case Read::growth:
                found_.counters.push_back({index, identity_of(value), value.value});
                break;
        }
    }

    std::vector<MetricsReading> const& readings_;
    std::vector<std::pair<std::string_view, std::uint32_t>> by_name_;
    std::vector<bool> met_;
    SeriesReadings found_;
};

}  // namespace

Result<SeriesReadings> read_series(std::string_view text, ExpositionFormat format,
                                   MetricsMap const& map) {
    ReadingCollector collector(map);
    auto read = read_exposition(text, format, collector);
    if (!read) {
        return tl::unexpected(std::move(read.error()));
    }
    if (collector.too_many()) {
        return failure(Errc::invalid, "metricsMap follows more than " +
                                          std::to_string(kMaxCounters) +
                                          " counters: name labels to take fewer");
    }
    return collector.take_all();
}

}  // namespace muster
