#include <muster/monitoring/probe_figures.hpp>

#include <cstddef>

namespace muster {

void ProbeFigures::count(std::string_view kind, Outcome const& outcome) {
    auto found = kinds_.find(kind);
    if (found == kinds_.end()) {
        found = kinds_.emplace(kind, OfKind{}).first;
    }
    ++found->second.outcomes[static_cast<std::size_t>(outcome.verdict)];
    if (outcome.verdict != Verdict::not_counted) {
        found->second.durations.record(outcome.response_time);
    }
}

void ProbeFigures::append_to(FigureSheet& sheet) const {
    for (auto const& [kind, figures] : kinds_) {
        for (auto const& [verdict, word] : enum_names(Verdict{})) {
            sheet.counter("muster_probes_total", "Probes that ended, by kind and outcome.",
                          figures.outcomes[static_cast<std::size_t>(verdict)],
                          {{"kind", kind}, {"outcome", word}});
        }
        sheet.durations("muster_probe_duration_seconds",
                        "How long probes took that say something about their target.",
                        figures.durations, {{"kind", kind}});
    }
}

}  // namespace muster
