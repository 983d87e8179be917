#include <cli/ask/status_view.hpp>

#include <algorithm>
#include <map>

#include <cli/client/exit_codes.hpp>
#include <cli/text/text_table.hpp>
#include <cli/text/words.hpp>

namespace muster {
namespace {

std::string notes_of(AnsweredService const& service) {
    auto notes = overlay_words(service.view.overlays);
    auto const& details = service.view.details;
    for (auto const& text : {details.error, details.note}) {
        if (!text.empty()) {
            notes += (notes.empty() ? "" : ", ") + text;
        }
    }
    if (!service.view.critical) {
        notes += std::string(notes.empty() ? "" : ", ") + "not critical";
    }
    return notes;
}

std::string share(double percent, bool checked) {
    return checked ? percent_words(percent) : "-";
}

void add_project(TextTable& table, ProjectView const& project, WallTime now) {
    bool const checked = project.last_check.has_value();
    table.add({project.name,
               TableCell(""),
               {std::string(project_word(project.status)), tone_of(project.status)},
               share(project.uptime_percent, checked),
               share(project.coverage_percent, checked),
               millis_words(project.response_time),
               age_words(project.last_check, now),
               overlay_words(project.overlays)});
}

void add_service(TextTable& table, AnsweredService const& service, WallTime now) {
    auto const& view = service.view;
    bool const checked = view.last_check.has_value();
    table.add({TableCell(""),
               view.name,
               {std::string(to_string(view.status)), tone_of(view.status)},
               share(view.uptime_percent, checked),
               share(view.coverage_percent, checked),
               millis_words(view.response_time),
               age_words(view.last_check, now),
               notes_of(service)});
}

std::string summary_of(std::vector<ProjectView> const& projects, bool colour) {
    std::string text = counted(projects.size(), "project");
    std::string separator = ": ";
    for (auto const status :
         {HealthStatus::up, HealthStatus::degraded, HealthStatus::down, HealthStatus::unknown}) {
        auto const count =
            std::count_if(projects.begin(), projects.end(),
                          [status](auto const& project) { return project.status == status; });
        if (count > 0) {
            text +=
                separator + toned(std::to_string(count) + " " + std::string(project_word(status)),
                                  tone_of(status), colour);
            separator = ", ";
        }
    }
    return text + '\n';
}

}  // namespace

std::string status_text(StatusPicture const& picture, bool colour) {
    if (picture.projects.empty()) {
        return "no projects yet: add them to muster.yaml, PROJECTS or with muster services "
               "register\n";
    }
    std::map<std::string_view, std::vector<AnsweredService const*>> services;
    for (auto const& service : picture.services) {
        services[service.view.project].push_back(&service);
    }
    TextTable table({{"PROJECT"},
                     {"SERVICE"},
                     {"STATUS"},
                     {"UPTIME", Align::right},
                     {"COVERAGE", Align::right},
                     {"TIME", Align::right},
                     {"CHECKED"},
                     {"NOTES"}});
    for (auto const& project : picture.projects) {
        add_project(table, project, picture.at);
        for (auto const* const service : services[project.name]) {
            add_service(table, *service, picture.at);
        }
    }
    return table.text(colour) + '\n' + summary_of(picture.projects, colour);
}

int status_exit_code(StatusPicture const& picture) noexcept {
    int code = 0;
    for (auto const& project : picture.projects) {
        code = std::max(code, exit_code_of(project.status));
    }
    return code;
}

}  // namespace muster
