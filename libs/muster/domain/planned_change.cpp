#include <muster/domain/planned_change.hpp>

namespace muster {

std::string to_text(PlannedChange const& change) {
    auto line = std::string(to_string(change.action)) + " " + std::string(to_string(change.kind)) +
                " " + change.name;
    if (!change.formerly.empty()) {
        line += ", was " + change.formerly;
    }
    for (auto const& field : change.fields) {
        line += (&field == &change.fields.front() ? ": " : ", ") + field;
    }
    return line;
}

}  // namespace muster
