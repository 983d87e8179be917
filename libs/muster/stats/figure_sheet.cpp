#include <muster/stats/figure_sheet.hpp>

namespace muster {

void FigureSheet::counter(std::string_view name, std::string_view help, std::uint64_t value,
                          Labels labels) {
    add(name, FigureType::counter, help, labels).value = static_cast<double>(value);
}

void FigureSheet::gauge(std::string_view name, std::string_view help, double value, Labels labels) {
    add(name, FigureType::gauge, help, labels).value = value;
}

void FigureSheet::durations(std::string_view name, std::string_view help,
                            DurationHistogram const& value, Labels labels) {
    add(name, FigureType::histogram, help, labels).durations = value;
}

Figure& FigureSheet::add(std::string_view name, FigureType type, std::string_view help,
                         Labels labels) {
    auto found = families_.find(name);
    if (found == families_.end()) {
        found = families_.emplace(name, FigureFamily{type, std::string(help), {}}).first;
    }
    auto& figure = found->second.figures.emplace_back();
    for (auto const& [label, value] : labels) {
        figure.labels.emplace_back(label, value);
    }
    return figure;
}

}  // namespace muster
