#include <support/row.hpp>

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace muster::bench {
namespace {

std::vector<double> ratios(Row const& row) {
    std::vector<double> result;
    for (std::size_t round = 0; round < std::min(row.ours.size(), row.floor.size()); ++round) {
        if (row.floor[round] > 0) {  // one of nothing has no ratio
            result.push_back(row.ours[round] / row.floor[round]);
        }
    }
    return result;
}

std::string spread(std::vector<double> const& values, std::string const& first = {}) {
    if (values.empty()) {
        return "null";
    }
    auto const [low, high] = std::minmax_element(values.begin(), values.end());
    return fmt::format(R"({{{}"median":{:.6g},"min":{:.6g},"max":{:.6g}}})", first, median(values),
                       *low, *high);
}

std::string_view name_of(Budget::Kind kind) {
    switch (kind) {
        case Budget::Kind::ratio_at_most:
            return "ratioAtMost";
        case Budget::Kind::ratio_at_least:
            return "ratioAtLeast";
        case Budget::Kind::at_most:
            return "atMost";
        case Budget::Kind::at_least:
            return "atLeast";
    }
    return "";
}

bool is_met(Row const& row) {
    auto const value = row.budget->value;
    switch (row.budget->kind) {
        case Budget::Kind::ratio_at_most:
            return median(ratios(row)) <= value;
        case Budget::Kind::ratio_at_least:
            return median(ratios(row)) >= value;
        case Budget::Kind::at_most:
            return median(row.ours) <= value;
        case Budget::Kind::at_least:
            return median(row.ours) >= value;
    }
    return false;
}

/// Names and notes are ours and hold no control characters.
std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (char const byte : text) {
        if (byte == '"' || byte == '\\') {
            result += '\\';
        }
        result += byte;
    }
    return result + '"';
}

}  // namespace

double median(std::vector<double> values) {
    if (values.empty()) {
        return 0;
    }
    std::sort(values.begin(), values.end());
    auto const middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double share_of(std::vector<double>& values, double share) {
    if (values.empty()) {
        return 0;
    }
    std::sort(values.begin(), values.end());
    auto const rank = std::ceil(share * static_cast<double>(values.size()));
    return values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

std::string to_json(Row const& row) {
    auto const budget = row.budget ? fmt::format(R"({{"kind":"{}","value":{:.6g}}})",
                                                 name_of(row.budget->kind), row.budget->value)
                                   : std::string("null");
    return fmt::format(
        R"({{"name":{},"unit":{},"rounds":{},"ours":{},"floor":{},"ratio":{},"cpuMicros":{},)"
        R"("ratePerSecond":{},"budget":{},"met":{},"note":{}}})",
        quoted(row.name), quoted(row.unit), row.ours.size(), spread(row.ours),
        spread(row.floor, fmt::format(R"("name":{},)", quoted(row.floor_name))),
        spread(ratios(row)), spread(row.cpu_micros), spread(row.rate), budget,
        row.budget ? (is_met(row) ? "true" : "false") : "null", quoted(row.note));
}

}  // namespace muster::bench
