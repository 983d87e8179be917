#include <muster/importing/assembly.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <muster/base/utf8.hpp>
#include <muster/config/document.hpp>
#include <muster/importing/draft_document.hpp>
#include <muster/importing/given_names.hpp>
#include <muster/importing/variable_names.hpp>

namespace muster::importing {
namespace {

using config::Document;
using List = Document::List;
using Map = Document::Map;

constexpr std::size_t kMaxText = 1000;  ///< Of descriptions and metadata.

struct Project {
    std::string name;
    std::string description;
    GivenNames services{NameOf::service, "service"};
    List entries;
};

std::string clock_text(std::uint16_t minute) {
    auto const two = [](int value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    return two(minute / 60) + ":" + two(minute % 60);
}

Document window_document(Map match, WeeklyWindow const& window, std::string const& why) {
    return Map{{"match", std::move(match)},
               {"weekly", Map{{"day", to_string(window.day)},
                              {"from", clock_text(window.from_minute)},
                              {"to", clock_text(window.to_minute)},
                              {"zone", window.zone}}},
               {"why", why}};
}

/// What the source's variables may be where nobody knows: a port behind a colon, else a word.
std::string stand_in(std::string_view before) {
    return !before.empty() && before.back() == ':' ? "1" : "example";
}

class Writing {
public:
    Writing(Assembly::Options const& options, std::vector<Draft>& drafts)
        : options_(options), drafts_(drafts) {
        for (auto const& draft : drafts_) {
            for (auto const& name : variables_in(all_texts(draft))) {
                variables_.reserve(name);
                from_source_.insert(name);
            }
        }
        names_.reserve("status");
    }

    void write(Draft& draft) {
        if (draft.is_missing()) {
            return;
        }
        auto& project = project_of(draft.project);
        auto const name = project.services.give(draft.name);
        if (name != draft.name) {
            draft.tell(
                "name '" + draft.name + "'",
                "is " + name + " here: names have letters, digits, - and _, and are there once");
            draft.metadata.emplace("name", as_literal(clean_text(draft.name, kMaxText)));
        }
        auto document = service_document(draft, {project.name, name}, variables_);
        if (auto const refusal = refusal_of(document)) {
            draft.leave_out("", "Muster does not take it: " + *refusal,
                            "write the service by hand");
            return;
        }
        project.entries.push_back(std::move(document));
        ++services_;
        for (auto const& window : draft.maintenance) {
            windows_.push_back(window_document(Map{{"services", List{project.name + "/" + name}}},
                                               window, "as it was imported"));
        }
    }

    void write_windows(std::vector<WeeklyWindow> const& windows) {
        for (auto const& window : windows) {
            windows_.push_back(window_document({}, window, "as it was imported"));
        }
    }

    Result<Imported> finish() {
        Imported imported;
        List projects;
        for (auto& project : projects_) {
            if (project.entries.empty()) {
                continue;
            }
            ++imported.projects;
            Map map{{"name", project.name}};
            if (!project.description.empty()) {
                map.emplace_back("description", project.description);
            }
            map.emplace_back("services", std::move(project.entries));
            projects.push_back(std::move(map));
        }
        auto const windows = windows_.size();
        Map file{{"projects", std::move(projects)}};
        if (!windows_.empty()) {
            file.emplace_back("maintenance", std::move(windows_));
        }
        imported.yaml = config::to_yaml(file);
        add_variables(imported);
        auto const loaded = load(imported.yaml);
        if (!loaded) {
            return failure(Errc::internal,
                           "what was written cannot be read back, which is a bug of "
                           "muster import: " +
                               config::to_text(loaded.error().front()));
        }
        std::size_t services = 0;
        for (auto const& project : loaded->projects) {
            services += project.services.size();
        }
        if (services != services_ || loaded->projects.size() != imported.projects ||
            loaded->maintenance.size() != windows) {
            return failure(Errc::internal,
                           "what was written reads back as something else, which is a bug of "
                           "muster import");
        }
        imported.yaml.insert(0, "# Made by muster import from " + clean_text(options_.file, 200) +
                                    ". Check it with: muster config check --config FILE\n");
        return imported;
    }

private:
    Project& project_of(std::string const& text) {
        auto const known = indexes_.find(text);
        if (known != indexes_.end()) {
            return projects_[known->second];
        }
        indexes_.emplace(text, projects_.size());
        Project project;
        project.name = names_.give(text.empty() ? options_.nameless_project : text);
        project.services.reserve("app");
        if (!text.empty() && project.name != text) {
            project.description = as_literal(clean_text(text, kMaxText));
        }
        projects_.push_back(std::move(project));
        return projects_.back();
    }

    [[nodiscard]] config::Checked<config::Configuration> load(std::string const& yaml) const {
        config::LoadInput input;
        input.file_text = yaml;
        input.file_name = "imported.yaml";
        std::size_t at = 0;
        for (auto const& name : variables_in(yaml)) {
            at = yaml.find("${" + name + "}", at);
            auto const before = std::string_view(yaml).substr(0, std::min(at, yaml.size()));
            input.environment.emplace(name, value_of(name, before));
        }
        return config::load(input);
    }

    [[nodiscard]] std::string value_of(std::string const& name, std::string_view before) const {
        if (auto const* secret = variables_.secret_of(name)) {
            return *secret;
        }
        auto const known = options_.environment.find(name);
        return known != options_.environment.end() ? known->second : stand_in(before);
    }

    /// What our own reader has against a service by itself.
    [[nodiscard]] std::optional<std::string> refusal_of(Document const& service) const {
        auto const loaded = load(config::to_yaml(
            Map{{"projects", List{Map{{"name", "imported"}, {"services", List{service}}}}}}));
        if (loaded) {
            return std::nullopt;
        }
        std::string messages;
        for (auto const& mistake : loaded.error()) {
            messages += (messages.empty() ? "" : "; ") + mistake.message;
        }
        return messages;
    }

    /// Those that the file really asks for.
    void add_variables(Imported& imported) const {
        auto const used = variables_in(imported.yaml);
        std::set<std::string, std::less<>> const asked(used.begin(), used.end());
        for (auto const& secret : variables_.secrets()) {
            if (asked.contains(secret.name)) {
                imported.variables.push_back(secret);
            }
        }
        for (auto const& name : from_source_) {
            if (asked.contains(name)) {
                imported.variables.push_back({name, "", "as in the source", true});
            }
        }
    }

    Assembly::Options const& options_;
    std::vector<Draft>& drafts_;
    VariableNames variables_;
    std::set<std::string, std::less<>> from_source_;
    GivenNames names_{NameOf::project, "project"};
    std::map<std::string, std::size_t> indexes_;  ///< Of projects, by what the source calls them.
    std::vector<Project> projects_;
    List windows_;
    std::size_t services_{0};
};

}  // namespace

Result<Imported> Assembly::finish() {
    Writing writing(options_, drafts_);
    for (auto& draft : drafts_) {
        writing.write(draft);
    }
    writing.write_windows(windows_);
    auto imported = writing.finish();
    if (!imported) {
        return imported;
    }
    imported->notes = std::move(notes_);
    for (auto& draft : drafts_) {
        imported->carried += draft.outcome == Weight::told ? 1 : 0;
        imported->partly += draft.outcome == Weight::partly ? 1 : 0;
        imported->missing += draft.outcome == Weight::missing ? 1 : 0;
        std::move(draft.notes.begin(), draft.notes.end(), std::back_inserter(imported->notes));
    }
    return imported;
}

}  // namespace muster::importing
