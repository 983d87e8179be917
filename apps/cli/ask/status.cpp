#include <cli/ask/status.hpp>

#include <algorithm>
#include <ostream>

#include <cli/ask/hub_absence.hpp>
#include <cli/ask/service_pages.hpp>
#include <cli/ask/status_view.hpp>
#include <cli/client/hub_client.hpp>
#include <muster/codec/json_text.hpp>

namespace muster {
namespace {

/// Draws over what stands there, line by line, and clears what is left below.
constexpr std::string_view kHome = "\x1b[H\x1b[2J";

struct Look {
    std::string shown;
    int code{0};
};

Error no_such_project(std::string const& name, std::vector<ProjectView> const& projects) {
    std::string known;
    for (auto const& project : projects) {
        known += (known.empty() ? "" : ", ") + project.name;
    }
    return {Errc::not_found,
            "no such project: " + name + "; the hub has " + (known.empty() ? "none yet" : known)};
}

Result<Look> look(StatusCommand const& command, HubClient const& hub, bool colour) {
    auto const text = hub.get("/api/projects/status");
    if (!text) {
        return tl::unexpected(text.error());
    }
    auto projects = read_status_answer(*text);
    if (!projects) {
        return tl::unexpected(projects.error());
    }
    StatusPicture picture;
    picture.at = projects->at.value_or(WallTime{});
    for (auto const& project : projects->items) {
        if (command.project.empty() || project.name == command.project) {
            picture.projects.push_back(project);
        }
    }
    if (!command.project.empty() && picture.projects.empty()) {
        return tl::unexpected(no_such_project(command.project, projects->items));
    }
    CallQuery const filter{{"project", command.project}};
    if (command.json) {
        auto const services = all_services_json(hub, filter);
        auto const map = read_answer_data(*text, command.project);
        if (!services || !map) {
            return tl::unexpected(services ? map.error() : services.error());
        }
        std::string json;
        JsonObject object(json);
        object.raw("projects", *map);
        object.raw("services", *services);
        object.time("timestamp", picture.at);
        object.close();
        return Look{json + '\n', status_exit_code(picture)};
    }
    auto services = all_services(hub, filter);
    if (!services) {
        return tl::unexpected(services.error());
    }
    picture.services = std::move(services->items);
    return Look{status_text(picture, colour), status_exit_code(picture)};
}

void draw(Look const& look, StatusCommand const& command, Terminal const& terminal) {
    if (terminal.interactive && !command.json) {
        terminal.out << kHome;
    }
    terminal.out << look.shown;
    if (!terminal.interactive && !command.json) {
        terminal.out << '\n';
    }
    terminal.out << std::flush;
}

int watch(StatusCommand const& command, HubAddress const& address, Terminal const& terminal) {
    Interrupt const interrupt;
    HubClient const hub(address, &interrupt);
    HubAbsence absence(terminal.err);
    do {
        auto const now = look(command, hub, terminal.colour);
        if (interrupt.raised()) {
            break;
        }
        if (now) {
            absence.over();
            draw(*now, command, terminal);
        } else if (!absence.is_one(now.error())) {
            return tell(now.error(), terminal);
        }
    } while (!interrupt.wait(command.interval) && terminal.out.good());
    return 0;
}

}  // namespace

int run_status(StatusCommand const& command, HubAddress const& address, Terminal const& terminal) {
    if (command.watch) {
        return watch(command, address, terminal);
    }
    auto const now = look(command, HubClient(address), terminal.colour);
    if (!now) {
        return tell(now.error(), terminal);
    }
    terminal.out << now->shown << std::flush;
    return now->code;
}

}  // namespace muster
