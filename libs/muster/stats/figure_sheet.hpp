#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/base/enum_names.hpp>
#include <muster/stats/histogram.hpp>

namespace muster {

/// In the words of Prometheus.
enum class FigureType : std::uint8_t { counter, gauge, histogram };

constexpr EnumNames<FigureType, 3> enum_names(FigureType) {
    return {{{FigureType::counter, "counter"},
             {FigureType::gauge, "gauge"},
             {FigureType::histogram, "histogram"}}};
}

/// One number, or one histogram, of a family.
struct Figure {
    std::vector<std::pair<std::string, std::string>> labels;
    double value{0};
    std::optional<DurationHistogram> durations;  ///< Of a histogram.

    bool operator==(Figure const&) const = default;
};

/// Figures of one name, which differ in their labels.
struct FigureFamily {
    FigureType type{FigureType::gauge};
    std::string help;  ///< One line.
    std::vector<Figure> figures;

    bool operator==(FigureFamily const&) const = default;
};

/// What a program says about itself at one moment, as a value that can go from the loop that counts
/// to the loop that shows. Whoever has something to tell adds to it; figures of the same name make
/// one family, whoever told them. Names and labels are those of Prometheus; docs/metrics.md has
/// them all.
class FigureSheet {
public:
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    /// `name` ends in `_total`.
    void counter(std::string_view name, std::string_view help, std::uint64_t value,
                 Labels labels = {});
    void gauge(std::string_view name, std::string_view help, double value, Labels labels = {});
    /// In seconds; `name` ends in `_seconds`.
    void durations(std::string_view name, std::string_view help, DurationHistogram const& value,
                   Labels labels = {});

    /// By name.
    using Families = std::map<std::string, FigureFamily, std::less<>>;
    [[nodiscard]] Families const& families() const noexcept { return families_; }

    bool operator==(FigureSheet const&) const = default;

private:
    Figure& add(std::string_view name, FigureType type, std::string_view help, Labels labels);

    Families families_;
};

}  // namespace muster
