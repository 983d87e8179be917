#include <support/hub_figures.hpp>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string>
#include <utility>

namespace muster::bench {
namespace {

constexpr std::string_view kProbes = "muster_probes_total{";
constexpr std::string_view kLateness = "muster_schedule_lateness_seconds_bucket{";
constexpr std::string_view kShardLateness = "muster_shard_lateness_seconds_bucket{";

double number_behind(std::string_view line, std::string_view mark) {
    auto const at = line.find(mark);
    if (at == std::string_view::npos) {
        return 0;
    }
    auto const text = std::string(line.substr(at + mark.size()));
    return text.starts_with("+Inf") ? std::numeric_limits<double>::infinity()
                                    : std::strtod(text.c_str(), nullptr);
}

}  // namespace

HubFigures read_figures(std::string_view page) {
    HubFigures figures;
    std::map<double, double> on_shards;
    while (!page.empty()) {
        auto const line = page.substr(0, page.find('\n'));
        page.remove_prefix(std::min(line.size() + 1, page.size()));
        if (line.starts_with(kProbes)) {
            bool const passed = line.find("outcome=\"passed\"") != std::string_view::npos;
            (passed ? figures.passed : figures.other) += number_behind(line, "} ");
        } else if (line.starts_with(kLateness)) {
            figures.lateness[number_behind(line, "le=\"")] += number_behind(line, "} ");
        } else if (line.starts_with(kShardLateness)) {
            on_shards[number_behind(line, "le=\"")] += number_behind(line, "} ");
        }
    }
    if (!on_shards.empty()) {
        figures.lateness = std::move(on_shards);  // theirs is to started, the hub's to handed over
    }
    return figures;
}

HubFigures between(HubFigures const& before, HubFigures const& after) {
    HubFigures figures{after.passed - before.passed, after.other - before.other, after.lateness};
    for (auto const& [bound, checks] : before.lateness) {
        figures.lateness[bound] -= checks;
    }
    return figures;
}

double lateness_of(HubFigures const& figures, double share) {
    if (figures.lateness.empty()) {
        return 0;
    }
    auto const all = figures.lateness.rbegin()->second;  // buckets are cumulative
    for (auto const& [bound, checks] : figures.lateness) {
        if (checks >= share * all) {
            return bound;
        }
    }
    return std::numeric_limits<double>::infinity();
}

}  // namespace muster::bench
