#pragma once

#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/codec/prometheus_text.hpp>

namespace muster::testing {

/// Holds an exposition of ours against the rules that Prometheus' own checker has, and some more:
/// each family is told once, with HELP and TYPE before its figures, all in one piece; no series
/// twice; counters end in `_total` and are not negative; histograms have rising buckets up to
/// `+Inf`, which is their count, and a sum. Programs under test link codec.
class StrictExposition final : private ExpositionVisitor {
public:
    explicit StrictExposition(std::string_view text) {
        if (!text.ends_with('\n')) {
            complain("the last line has no end");
        }
        auto const read = read_exposition(text, ExpositionFormat::prometheus, *this);
        if (!read) {
            complain(read.error().message);
        }
        for (auto const& [series, histogram] : histograms_) {
            if (!histogram.has_sum || !histogram.has_count) {
                complain(series + " has no sum or no count");
            } else if (histogram.last_bound != std::numeric_limits<double>::infinity() ||
                       histogram.last != histogram.count) {
                complain(series + " does not end with a bucket of all");
            }
        }
        for (auto const& [name, type] : types_) {
            if (!shown_.contains(name)) {
                complain(name + " has a head and no figures");
            }
        }
    }

    [[nodiscard]] std::vector<std::string> const& complaints() const noexcept {
        return complaints_;
    }
    [[nodiscard]] std::map<std::string, std::string> const& types() const noexcept {
        return types_;
    }
    /// By `name{label="value",…}`, labels in their order.
    [[nodiscard]] std::map<std::string, double> const& values() const noexcept { return values_; }
    [[nodiscard]] double at(std::string const& series) const {
        auto const found = values_.find(series);
        return found != values_.end() ? found->second : std::numeric_limits<double>::quiet_NaN();
    }

private:
    struct Histogram {
        double last_bound{-1};
        double last{0};
        double count{-1};
        bool has_sum{false};
        bool has_count{false};
    };

    void complain(std::string what) { complaints_.push_back(std::move(what)); }

    void help(std::string_view name, std::string_view text) override {
        if (!helped_.emplace(name).second) {
            complain(std::string(name) + " has HELP twice");
        }
        if (text.empty()) {
            complain(std::string(name) + " has an empty HELP");
        }
    }

    void type(std::string_view name, std::string_view type) override {
        if (!types_.emplace(name, type).second) {
            complain(std::string(name) + " has TYPE twice");
        }
        if (!helped_.contains(std::string(name))) {
            complain(std::string(name) + " has TYPE and no HELP before it");
        }
        current_ = name;
    }

    bool value(SeriesValue const& value) override {
        std::string series(value.name);
        std::string others = current_;
        double bound = 0;
        bool has_bound = false;
        series += '{';
        others += '{';
        for (auto const& label : value.labels) {
            auto const text = std::string(label.name) + "=\"" + std::string(label.value) + "\"";
            series += (series.ends_with('{') ? "" : ",") + text;
            if (label.name == "le") {
                has_bound = true;
                bound = label.value == "+Inf" ? std::numeric_limits<double>::infinity()
                                              : std::stod(std::string(label.value));
            } else {
                others += (others.ends_with('{') ? "" : ",") + text;
            }
        }
        series = series.ends_with('{') ? std::string(value.name) : series + '}';
        others = others.ends_with('{') ? current_ : others + '}';
        if (!values_.emplace(series, value.value).second) {
            complain(series + " is there twice");
        }
        shown_.insert(current_);
        auto const type = types_.find(current_);
        if (type == types_.end()) {
            complain(series + " has no TYPE before it");
        } else if (type->second == "histogram") {
            bucket(value, others, has_bound, bound);
        } else if (value.name != current_) {
            complain(series + " stands among the figures of " + current_);
        } else if (type->second == "counter" &&
                   (!value.name.ends_with("_total") || !(value.value >= 0))) {
            complain(series + " is no counter");
        }
        return true;
    }

    void bucket(SeriesValue const& value, std::string const& series, bool has_bound, double bound) {
        auto& histogram = histograms_[series];
        if (value.name == current_ + "_sum") {
            histogram.has_sum = true;
        } else if (value.name == current_ + "_count") {
            histogram.has_count = true;
            histogram.count = value.value;
        } else if (value.name != current_ + "_bucket" || !has_bound) {
            complain(series + " has something that is neither bucket, sum nor count");
        } else if (bound <= histogram.last_bound || value.value < histogram.last) {
            complain(series + " has buckets that do not rise");
        } else {
            histogram.last_bound = bound;
            histogram.last = value.value;
        }
    }

    std::vector<std::string> complaints_;
    std::set<std::string> helped_;
    std::set<std::string> shown_;
    std::map<std::string, std::string> types_;
    std::map<std::string, double> values_;
    std::map<std::string, Histogram> histograms_;
    std::string current_;
};

}  // namespace muster::testing
