#include <muster/api/status_page.hpp>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <muster/api/answers.hpp>
#include <muster/api/html_text.hpp>
#include <muster/api/query_reader.hpp>

namespace muster {
namespace {

constexpr std::int64_t kUsualProjects = 50;
constexpr std::int64_t kMostProjects = 200;
constexpr std::size_t kMostServices = 50;  ///< Of a project; the worst of them come first.
constexpr unsigned kRefreshSeconds = 60;

/// A page that is being gathered: the uptime of its projects comes one after the other.
struct Gathering {
    StatusPageViews views;
    Reply reply;
    std::int64_t limit{0};
    std::int64_t offset{0};
    std::vector<ProjectId> projects;
    std::size_t asked{0};
    bool asking{false};  ///< gather() is on the stack.
    std::map<ProjectId, UptimeBook::Shared> uptime;
};

int rank_of(HealthStatus status) {
    switch (status) {
        case HealthStatus::down:
            return 0;
        case HealthStatus::degraded:
            return 1;
        case HealthStatus::unknown:
            return 2;
        case HealthStatus::up:
            return 3;
    }
    return 3;
}

void append_service(std::string& out, ServiceView const& view, ServiceUptime const* uptime,
                    WallTime today) {
    out += R"(<div class="service"><div class="row"><span>)";
    append_html(out, view.name);
    append_overlay_labels(out, view.overlays);
    out += "</span>";
    append_status_mark(out, view.status, to_string(view.status));
    out += "</div>";
    append_uptime_bars(out, uptime != nullptr ? uptime->days : std::vector<UptimeDay>{}, today,
                       ServiceUptime::kDays);
    constexpr std::size_t kQuarter = 2;  // of kUptimeRanges
    if (uptime != nullptr && uptime->ranges[kQuarter].coverage_percent > 0) {
        fmt::format_to(std::back_inserter(out), R"(<div class="quiet">{} up in 90 days</div>)",
                       percent_text(uptime->ranges[kQuarter].uptime_percent));
    }
    out += "</div>";
}

void append_project(std::string& out, ProjectView const& project, Gathering const& page,
                    WallTime today) {
    out += R"(<section><div class="row"><h2>)";
    append_html(out, project.name);
    append_overlay_labels(out, project.overlays);
    out += "</h2>";
    append_status_mark(out, project.status, project_word(project.status));
    out += "</div>";
    auto services = page.views.model.services_of(project.id);
    std::stable_sort(services.begin(), services.end(),
                     [](ServiceView const* left, ServiceView const* right) {
                         return rank_of(left->status) < rank_of(right->status);
                     });
    auto const shown = std::min(services.size(), kMostServices);
    auto const known = page.uptime.find(project.id);
    if (known != page.uptime.end() && !known->second) {
        out += R"(<p class="quiet">History not available now</p>)";
    }
    for (std::size_t index = 0; index < shown; ++index) {
        ServiceUptime const* uptime = nullptr;
        if (known != page.uptime.end() && known->second) {
            auto const found = known->second->find(services[index]->id);
            uptime = found != known->second->end() ? &found->second : nullptr;
        }
        append_service(out, *services[index], uptime, today);
    }
    if (shown < services.size()) {
        fmt::format_to(std::back_inserter(out), R"(<div class="service quiet">and {} more</div>)",
                       services.size() - shown);
    }
    out += "</section>";
}

std::string clock_text(std::uint16_t minutes) {
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

/// When a window is: `Sundays 02:00 to 04:00 UTC`, `until 2026-11-22 05:55 UTC`.
std::string when_of(MaintenanceSpec const& spec) {
    std::string text;
    auto const add = [&text](std::string const& part) {
        text += (text.empty() ? "" : ", ") + part;
    };
    if (spec.weekly) {
        add("every " + std::string(to_string(spec.weekly->day)) + " " +
            clock_text(spec.weekly->from_minute) + " to " + clock_text(spec.weekly->to_minute) +
            " " + spec.weekly->zone);
    }
    if (spec.from) {
        add("from " + minute_text(*spec.from));
    }
    if (spec.until) {
        add("until " + minute_text(*spec.until));
    }
    return text;
}

void append_windows(std::string& out, std::vector<Maintenance> const& windows, WallTime now) {
    std::string rows;
    for (auto const& window : windows) {
        if (window.spec.until && *window.spec.until <= now) {
            continue;
        }
        rows += "<tr><td>";
        append_html(rows, when_of(window.spec));
        rows += "</td><td>";
        append_html(rows, window.spec.why);
        rows += "</td></tr>";
    }
    if (!rows.empty()) {
        out += R"(<section><h2>Maintenance</h2><div class="wide"><table><tbody>)";
        out += rows;
        out += "</tbody></table></div></section>";
    }
}

/// What is wrong in one sentence.
std::string summary_of(std::vector<ReadModel::ProjectEntry const*> const& projects) {
    auto const count = [&projects](HealthStatus status) {
        return std::count_if(projects.begin(), projects.end(), [status](auto const* project) {
            return project->view.status == status;
        });
    };
    auto const down = count(HealthStatus::down);
    auto const degraded = count(HealthStatus::degraded);
    if (projects.empty()) {
        return "Nothing is watched yet";
    }
    if (down == 0 && degraded == 0) {
        return count(HealthStatus::unknown) == 0 ? "Everything works"
                                                 : "Nothing is known to be wrong";
    }
    if (down == 0) {
        return fmt::format("{} of {} degraded", degraded, projects.size());
    }
    return degraded == 0
               ? fmt::format("{} of {} down", down, projects.size())
               : fmt::format("{} of {} down, {} degraded", down, projects.size(), degraded);
}

void append_pages(std::string& out, Gathering const& page, std::int64_t total) {
    auto const link = [&out, &page](std::int64_t offset, std::string_view text) {
        fmt::format_to(std::back_inserter(out),
                       R"(<a href="/status?limit={}&amp;offset={}">{}</a> )", page.limit, offset,
                       text);
    };
    out += R"(<p class="quiet">)";
    if (page.offset > 0) {
        link(std::max(page.offset - page.limit, std::int64_t{0}), "before");
    }
    if (page.offset + page.limit < total) {
        link(page.offset + page.limit, "more");
    }
    out += "</p>";
}

void answer_page(Gathering& page) {
    auto const now = page.views.clock.now().wall;
    auto const today = WallTime(std::chrono::floor<std::chrono::days>(now));
    auto const all = page.views.model.projects();
    std::string main = "<h1>";
    append_html(main, summary_of(all));
    main += "</h1>";
    for (auto const id : page.projects) {
        if (auto const* const project = page.views.model.project(id)) {
            append_project(main, project->view, page, today);
        }
    }
    append_windows(main, page.views.model.windows(), now);
    append_pages(main, page, static_cast<std::int64_t>(all.size()));
    fmt::format_to(std::back_inserter(main),
                   R"(<p class="quiet">As of {}. A bar is a day of UTC; grey: not observed.</p>)",
                   minute_text(now));
    page.reply(html_page("Status", main, kRefreshSeconds));
}

/// Asks for the next project's uptime until one must be waited for. Loops where answers are there.
void gather(std::shared_ptr<Gathering> const& page) {
    if (page->asking) {
        return;
    }
    page->asking = true;
    while (page->asked < page->projects.size()) {
        auto const id = page->projects[page->asked];
        std::vector<ServiceId> services;
        for (auto const* view : page->views.model.services_of(id)) {
            services.push_back(view->id);
        }
        auto const before = page->asked;
        page->views.uptime.ask(id, std::move(services),
                               [page, id](Result<UptimeBook::Shared> uptime) {
                                   // Null: said to be not available now.
                                   page->uptime[id] = uptime ? *uptime : nullptr;
                                   ++page->asked;
                                   gather(page);
                               });
        if (page->asked == before) {
            page->asking = false;
            return;
        }
    }
    page->asking = false;
    answer_page(*page);
}

}  // namespace

void get_status_page(Request const& request, StatusPageViews const& views, Reply reply) {
    QueryReader reader(request.target);
    auto const asked = reader.page(kUsualProjects, kMostProjects);
    if (reader.problem()) {
        reply(refuse(400, *reader.problem(), views.clock.now().wall));
        return;
    }
    auto const page = std::make_shared<Gathering>(
        Gathering{views, std::move(reply), asked.limit, asked.offset, {}, 0, false, {}});
    auto const all = views.model.projects();
    auto const total = static_cast<std::int64_t>(all.size());
    for (auto index = asked.offset; index < std::min(asked.offset + asked.limit, total); ++index) {
        page->projects.push_back(all[static_cast<std::size_t>(index)]->view.id);
    }
    gather(page);
}

void add_status_page(Router& router, StatusPageViews const& views) {
    router.add_later(Method::get, "/status", [views](Request const& request, Reply reply) {
        get_status_page(request, views, std::move(reply));
    });
}

}  // namespace muster
