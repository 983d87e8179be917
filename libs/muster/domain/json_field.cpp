#include <muster/domain/json_field.hpp>

#include <muster/base/utf8.hpp>

namespace muster {
namespace {

constexpr std::size_t kMaxShownField = 60;  ///< Bytes of a field in messages.

}  // namespace

Result<std::vector<std::string>> names_of_json_field(std::string_view field) {
    std::vector<std::string> names;
    for (auto rest = field;; rest.remove_prefix(names.back().size() + 1)) {
        names.emplace_back(rest.substr(0, rest.find('.')));
        if (names.back().empty()) {
            return failure(Errc::invalid, "the JSON field '" + clean_text(field, kMaxShownField) +
                                              "' has an empty name: write names joined by dots, "
                                              "such as db.ok or nodes.0.role");
        }
        if (names.size() > kMaxJsonNames) {
            return failure(Errc::invalid, "the JSON field '" + clean_text(field, kMaxShownField) +
                                              "' is deeper than " + std::to_string(kMaxJsonNames) +
                                              " names");
        }
        if (names.back().size() == rest.size()) {
            return names;
        }
    }
}

}  // namespace muster
