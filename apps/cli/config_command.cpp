#include <cli/config_command.hpp>

#include <cstddef>
#include <ostream>

#include <hub/settings.hpp>
#include <muster/config/document.hpp>
#include <muster/config/write_configuration.hpp>

namespace muster {
namespace {

using config::Document;

Document number(std::size_t value) {
    return Document::Bare{std::to_string(value)};
}

std::size_t services_in(config::Configuration const& configuration) {
    std::size_t count = 0;
    for (auto const& project : configuration.projects) {
        count += project.services.size();
    }
    return count;
}

std::string counted(std::size_t count, std::string const& word) {
    return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

Document mistake_of(config::Mistake const& mistake) {
    return Document::Map{{"file", mistake.file},
                         {"line", number(static_cast<std::size_t>(mistake.line))},
                         {"column", number(static_cast<std::size_t>(mistake.column))},
                         {"message", mistake.message}};
}

/// The whole finding as one JSON object.
Document finding(config::Checked<config::Configuration> const& configuration) {
    Document::List mistakes;
    if (!configuration) {
        for (auto const& mistake : configuration.error()) {
            mistakes.push_back(mistake_of(mistake));
        }
        return Document::Map{{"valid", false}, {"mistakes", std::move(mistakes)}};
    }
    Document::List warnings;
    for (auto const& warning : configuration->warnings) {
        warnings.emplace_back(warning);
    }
    return Document::Map{{"valid", true},
                         {"mistakes", std::move(mistakes)},
                         {"warnings", std::move(warnings)},
                         {"projects", number(configuration->projects.size())},
                         {"services", number(services_in(*configuration))},
                         {"maintenance", number(configuration->maintenance.size())}};
}

int tell_mistakes(std::vector<config::Mistake> const& mistakes, std::ostream& err) {
    for (auto const& mistake : mistakes) {
        err << config::to_text(mistake) << '\n';
    }
    return kExitUsage;
}

}  // namespace

int run_config_check(config::Checked<config::Configuration> const& configuration, bool json,
                     std::ostream& out, std::ostream& err) {
    if (json) {
        out << config::to_json(finding(configuration)) << '\n';
        return configuration ? 0 : kExitUsage;
    }
    if (!configuration) {
        auto const code = tell_mistakes(configuration.error(), err);
        err << counted(configuration.error().size(), "mistake") << '\n';
        return code;
    }
    for (auto const& warning : configuration->warnings) {
        err << "warning: " << warning << '\n';
    }
    out << "the configuration is valid: " << counted(configuration->projects.size(), "project")
        << ", " << counted(services_in(*configuration), "service") << ", "
        << counted(configuration->maintenance.size(), "maintenance window") << '\n';
    return 0;
}

int run_config_show(config::Checked<config::Configuration> const& configuration, bool json,
                    std::ostream& out, std::ostream& err) {
    if (!configuration) {
        return tell_mistakes(configuration.error(), err);
    }
    auto const document = config::write_configuration(*configuration);
    if (json) {
        out << config::to_json(document) << '\n';
        return 0;
    }
    out << "# In effect, with defaults filled in and secrets masked (***).\n"
        << "# MUSTER_DATA_DIR (environment only): " << configuration->data_dir << '\n'
        << config::to_yaml(document);
    return 0;
}

}  // namespace muster
