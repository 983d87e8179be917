#include <muster/config/project_list.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include <muster/base/ascii.hpp>
#include <muster/base/utf8.hpp>
#include <muster/config/read_project.hpp>
#include <muster/config/reserved_name.hpp>
#include <muster/config/values.hpp>
#include <muster/domain/masked_url.hpp>
#include <muster/domain/names.hpp>

namespace muster::config {
namespace {

/// What stands before an `@` may be a password.
std::string shown(std::string_view piece) {
    constexpr std::size_t kShownBytes = 200;
    auto const at = piece.rfind('@');
    if (at == std::string_view::npos) {
        return clean_text(piece, kShownBytes);
    }
    auto const slashes = piece.find("://");
    auto const start = slashes < at ? piece.substr(0, slashes + 3) : std::string_view();
    return clean_text(std::string(start) + "***" + std::string(piece.substr(at)), kShownBytes);
}

Mistake malformed(std::string_view piece, std::string const& reason) {
    auto message = "Invalid project definition: " + shown(piece) + ". Expected format: name:url";
    if (!reason.empty()) {
        message += " (" + reason + ")";
    }
    return {"", 0, 0, std::move(message)};
}

class ListReader {
public:
    explicit ListReader(ServiceDefaults const& defaults) : defaults_(defaults) {}

    void take(std::string_view piece) {
        auto const colon = piece.find(':');
        auto const name = trimmed(piece.substr(0, colon));
        if (colon == std::string_view::npos || name.empty() || colon + 1 == piece.size()) {
            refuse(piece, "");
            return;
        }
        if (name == kReservedProjectName) {
            refuse(piece, std::string(kWhyReserved));
            return;
        }
        if (!is_valid_project_name(name)) {
            refuse(piece, "a name has letters, digits, - and _, at most 100, not only digits");
            return;
        }
        auto url = parse_url(trimmed(piece.substr(colon + 1)));
        if (!url) {
            refuse(piece, url.error().message);
        } else if (has_mask(*url)) {
            refuse(piece, "the secret itself is wanted: *** only stands for it");
        } else if (is_taken(name)) {
            refuse(piece, "'" + std::string(name) + "' is given twice");
        } else {
            projects_.push_back(default_project(std::string(name), *std::move(url), defaults_));
        }
    }

    Checked<std::vector<ProjectSpec>> result() {
        if (!mistakes_.empty()) {
            return tl::unexpected(std::move(mistakes_));
        }
        return std::move(projects_);
    }

private:
    [[nodiscard]] bool is_taken(std::string_view name) const {
        return std::any_of(projects_.begin(), projects_.end(),
                           [name](ProjectSpec const& project) { return project.name == name; });
    }

    void refuse(std::string_view piece, std::string const& reason) {
        mistakes_.push_back(malformed(piece, reason));
    }

    ServiceDefaults const& defaults_;
    std::vector<ProjectSpec> projects_;
    std::vector<Mistake> mistakes_;
};

}  // namespace

Checked<std::vector<ProjectSpec>> parse_project_list(std::string_view text,
                                                     ServiceDefaults const& defaults) {
    ListReader reader(defaults);
    while (!text.empty()) {
        auto const comma = std::min(text.find(','), text.size());
        if (auto const piece = trimmed(text.substr(0, comma)); !piece.empty()) {
            reader.take(piece);
        }
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return reader.result();
}

}  // namespace muster::config
