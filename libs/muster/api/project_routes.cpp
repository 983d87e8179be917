#include <muster/api/project_routes.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/api/answers.hpp>
#include <muster/api/etag.hpp>
#include <muster/api/query_reader.hpp>
#include <muster/codec/json_text.hpp>
#include <muster/codec/log_page.hpp>
#include <muster/codec/project_json.hpp>

namespace muster {
namespace {

Response unknown_project(Request const& request, ProjectViews const& views) {
    return refuse(404, "No such project: " + in_quotes(request.parameter("project")),
                  views.clock.now().wall);
}

/// Nothing of a project whose registration is not known yet.
void append_project_of(std::string& out, ReadModel::ProjectEntry const& entry,
                       ReadModel const& model) {
    auto const* const registered = model.registered(entry.view.id);
    std::vector<ServiceEntry> services;
    for (auto const* view : model.services_of(entry.view.id)) {
        if (auto const* service = model.registered(view->id)) {
            services.push_back({service, view});
        }
    }
    append_project(out, *registered, entry.view, model.metrics(entry.view.id), services);
}

/// The live day, and what the history tells of the longer ranges.
std::vector<ServiceHealth> health_of(std::vector<ServiceView const*> const& views,
                                     UptimeBook::Shared const& history) {
    std::vector<ServiceHealth> services;
    services.reserve(views.size());
    for (auto const* view : views) {
        ServiceHealth health;
        health.view = view;
        health.uptime[0] = AvailabilityFigures{view->uptime_percent, view->coverage_percent};
        if (history) {
            auto const known = history->find(view->id);
            for (std::size_t range = 0; range < kUptimeRanges.size(); ++range) {
                health.uptime[range + 1] =
                    known != history->end() ? known->second.ranges[range] : AvailabilityFigures{};
            }
        }
        services.push_back(health);
    }
    return services;
}

/// A failure to get a project's own page, as the answer it makes.
Response refuse_page(std::string_view project, std::string_view path, Error const& error,
                     WallTime now) {
    if (error.code == Errc::full) {
        return refuse(error, now);
    }
    auto const status = error.code == Errc::timed_out ? 504U : 502U;
    return refuse(
        status,
        std::string(project) + " does not answer at " + std::string(path) + ": " + error.message,
        now);
}

/// The path with a query of ours behind its own.
std::string with_query(std::string_view path, std::string_view query) {
    return std::string(path) + (path.find('?') == std::string_view::npos ? "?" : "&") +
           std::string(query);
}

/// What is asked of a project: where, and how people know it.
struct AskedPage {
    ProjectId id;
    std::string project;
    std::string shown_path;
    Url url;
};

/// Of a project that is its services alone.
Response without_address(Project const& project, ProjectViews const& views) {
    return refuse(404, "Project " + project.spec.name + " has no address of its own (url)",
                  views.clock.now().wall);
}

/// A page on its way to who asked, read on the lane between two turns on the loop.
struct Errand {
    AskedPage asked;
    Clock const& clock;
    Reply reply;
    Result<SharedText> data;

    void answer_with(Result<SharedText> const& told) {
        auto const now = clock.now().wall;
        reply(told ? answer(*told, now)
                   : refuse_page(asked.project, asked.shown_path, told.error(), now));
    }
};

/// Hands the page to `show`, which gives the data of the answer or why it is none. It runs on the
/// lane and must own all it needs.
template <class Show>
void answer_page(AskedPage asked, ProjectViews const& views, Reply reply, Show show) {
    auto const id = asked.id;
    auto const url = asked.url;
    // What a refused lane was given is lost: keep it where the refusal can reach it.
    auto errand = std::make_shared<Errand>(
        Errand{std::move(asked), views.clock, std::move(reply), failure(Errc::internal, "unread")});
    views.pages.ask(
        id, url,
        [errand, &lane = views.page_lane, show = std::move(show)](Result<SharedText> page) mutable {
            if (!page) {
                errand->answer_with(page);
                return;
            }
            bool const taken = lane.submit(
                [errand, page = *std::move(page), show = std::move(show)]() mutable {
                    errand->data = show(std::move(page));
                },
                [errand] { errand->answer_with(errand->data); });
            if (!taken) {
                errand->answer_with(
                    failure(Errc::full, "too many pages of projects are being read, try again"));
            }
        });
}

Result<SharedText> own_words(SharedText page) {
    if (!is_json_object(*page)) {
        return failure(Errc::invalid, "what it says is no JSON object");
    }
    return page;
}

}  // namespace

Response get_projects(Request const& request, ProjectViews const& views) {
    auto const now = views.clock.now().wall;
    QueryReader reader(request.target);
    auto const asked = reader.page();
    if (reader.problem()) {
        return refuse(400, *reader.problem(), now);
    }
    return tagged(request, etag_of(views.model, views.model.revision()), [&] {
        std::string json = "[";
        std::int64_t total = 0;
        for (auto const* entry : views.model.projects()) {
            if (views.model.registered(entry->view.id) == nullptr) {
                continue;
            }
            if (total >= asked.offset && total < asked.offset + asked.limit) {
                json += json.size() > 1 ? "," : "";
                append_project_of(json, *entry, views.model);
            }
            ++total;
        }
        json += ']';
        return answer_list(std::move(json), static_cast<std::uint64_t>(total), now);
    });
}

Response get_project(Request const& request, ProjectViews const& views) {
    auto const* const entry = views.model.project(request.parameter("project"));
    if (entry == nullptr || views.model.registered(entry->view.id) == nullptr) {
        return unknown_project(request, views);
    }
    return tagged(request, etag_of(views.model, views.model.revision()), [&] {
        std::string json;
        append_project_of(json, *entry, views.model);
        return answer(std::move(json), views.clock.now().wall);
    });
}

void get_project_health(Request const& request, ProjectViews const& views, Reply reply) {
    auto const* const entry = views.model.project(request.parameter("project"));
    if (entry == nullptr) {
        reply(unknown_project(request, views));
        return;
    }
    auto const id = entry->view.id;
    std::vector<ServiceId> ids;
    for (auto const* view : views.model.services_of(id)) {
        ids.push_back(view->id);
    }
    views.uptime.ask(
        id, std::move(ids),
        [views, id, reply = std::move(reply)](Result<UptimeBook::Shared> history) mutable {
            auto const now = views.clock.now().wall;
            auto const* const project = views.model.project(id);
            if (project == nullptr) {
                reply(refuse(404, "The project was removed meanwhile", now));
                return;
            }
            auto const services =
                health_of(views.model.services_of(id), history ? *history : nullptr);
            std::string json;
            append_project_health(json, project->view, services,
                                  history ? std::string_view() : history.error().message);
            reply(answer(std::move(json), now));
        });
}

void get_project_page(Request const& request, ProjectViews const& views, Reply reply) {
    auto const* const entry = views.model.project(request.parameter("project"));
    auto const* const project = entry != nullptr ? views.model.registered(entry->view.id) : nullptr;
    if (project == nullptr) {
        reply(unknown_project(request, views));
        return;
    }
    if (project->spec.url.host.empty()) {
        reply(without_address(*project, views));
        return;
    }
    auto url = with_path(project->spec.url, project->spec.status_path);
    auto shown = to_text(url);
    answer_page({project->id, project->spec.name, std::move(shown), std::move(url)}, views,
                std::move(reply), own_words);
}

void get_project_logs(Request const& request, ProjectViews const& views, Reply reply) {
    QueryReader reader(request.target);
    auto const asked = reader.page();
    auto const level = reader.text("level");
    if (reader.problem()) {
        reply(refuse(400, *reader.problem(), views.clock.now().wall));
        return;
    }
    auto const* const entry = views.model.project(request.parameter("project"));
    auto const* const project = entry != nullptr ? views.model.registered(entry->view.id) : nullptr;
    if (project == nullptr) {
        reply(unknown_project(request, views));
        return;
    }
    if (project->spec.url.host.empty()) {
        reply(without_address(*project, views));
        return;
    }
    auto shown = to_text(with_path(project->spec.url, project->spec.logs_path));
    auto url = with_path(
        project->spec.url,
        with_query(project->spec.logs_path, "limit=" + std::to_string(asked.limit) +
                                                "&offset=" + std::to_string(asked.offset)));
    answer_page({project->id, project->spec.name, std::move(shown), std::move(url)}, views,
                std::move(reply),
                [level = std::string(level.value_or(""))](SharedText page) -> Result<SharedText> {
                    if (level.empty()) {
                        return own_words(std::move(page));
                    }
                    auto picked = logs_of_level(*page, level);
                    if (!picked) {
                        return tl::unexpected(std::move(picked.error()));
                    }
                    return std::make_shared<std::string const>(*std::move(picked));
                });
}

void add_project_routes(Router& router, ProjectViews const& views) {
    router.add(Method::get, "/api/projects",
               [views](Request const& request) { return get_projects(request, views); });
    router.add(Method::get, "/api/projects/{project}",
               [views](Request const& request) { return get_project(request, views); });
    using Later = void (*)(Request const&, ProjectViews const&, Reply);
    auto const later = [&router, views](std::string_view pattern, Later route) {
        router.add_later(Method::get, pattern, [views, route](Request const& request, Reply reply) {
            route(request, views, std::move(reply));
        });
    };
    later("/api/projects/{project}/health", get_project_health);
    later("/api/projects/{project}/status", get_project_page);
    later("/api/projects/{project}/logs", get_project_logs);
}

}  // namespace muster
