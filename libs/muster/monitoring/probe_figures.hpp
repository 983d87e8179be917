#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <muster/domain/outcome.hpp>
#include <muster/stats/figure_sheet.hpp>

namespace muster {

/// Counts probes by their kind and outcome, and how long they took. Bounded by the kinds there are.
class ProbeFigures {
public:
    /// `kind`: as kind_of() has it. No allocation but for the first of a kind.
    void count(std::string_view kind, Outcome const& outcome);

    void append_to(FigureSheet& sheet) const;

private:
    struct OfKind {
        std::array<std::uint64_t, enum_names(Verdict{}).size()> outcomes{};
        DurationHistogram durations;  ///< Of those that count.
    };

    std::map<std::string, OfKind, std::less<>> kinds_;
};

}  // namespace muster
