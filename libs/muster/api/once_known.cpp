#include <muster/api/once_known.hpp>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <muster/api/query_reader.hpp>
#include <muster/base/nearest.hpp>

namespace muster {
namespace {

using Words = std::vector<std::string_view>;

/// Among so many names the one that was meant is looked for: the loop has others to serve.
constexpr std::size_t kLookedAt = 1'000;

std::string no_such(std::string_view what, std::string_view name, Words const& known) {
    auto text = "No such " + std::string(what) + ": " + in_quotes(name);
    auto const meant = nearest(name, known);
    return meant ? text + ": did you mean '" + std::string(*meant) + "'?" : text;
}

std::string no_such_service(ReadModel const& model, OnceKnown const& known) {
    Words names;
    for (auto const& [id, service] : model.registered_services()) {
        if (names.size() == kLookedAt) {
            break;
        }
        if (!known.project || service->project_id == *known.project) {
            names.push_back(service->spec.name);
        }
    }
    auto const what =
        known.project_name.empty() ? "service" : "service of project " + known.project_name;
    return no_such(what, known.service_name, names);
}

bool is_registered_somewhere(ReadModel const& model, std::string_view service) {
    auto const& all = model.registered_services();
    return std::any_of(all.begin(), all.end(),
                       [service](auto const& entry) { return entry.second->spec.name == service; });
}

/// Takes over what the model knows; true: that is all that was asked for.
bool take_from_model(ReadModel const& model, OnceKnown& known) {
    if (!known.project_name.empty()) {
        auto const* const project = model.project(known.project_name);
        if (project == nullptr) {
            return false;
        }
        known.project = project->view.id;
        known.project_name = project->view.name;
    }
    if (known.service_name.empty()) {
        return true;
    }
    if (!known.project) {
        return is_registered_somewhere(model, known.service_name);
    }
    auto const* const service = model.service(*known.project, known.service_name);
    if (service != nullptr) {
        known.service = service->id;
        known.service_name = service->name;
    }
    return service != nullptr;
}

Result<OnceKnown> with_history(ReadModel const& model, OnceKnown known, OnceNamed const& named) {
    if (!known.project_name.empty() && !known.project && !named.project) {
        return failure(Errc::not_found, no_such_project(model, known.project_name));
    }
    known.project = known.project ? known.project : named.project;
    if (!known.service_name.empty() && !named.service) {
        return failure(Errc::not_found, no_such_service(model, known));
    }
    known.service = named.service;
    return known;
}

}  // namespace

void find_once_known(ReadModel const& model, HistoryQueries& history, std::string_view project,
                     std::string_view service, UniqueFunction<void(Result<OnceKnown>)> done) {
    OnceKnown known;
    known.project_name = std::string(project);
    known.service_name = std::string(service);
    if (take_from_model(model, known)) {
        done(std::move(known));
        return;
    }
    auto const asked = known;
    history.ask(
        [asked](HistoryReader& reader) {
            return reader.once_named(asked.project_name, asked.service_name);
        },
        [&model, known = std::move(known),
         done = std::move(done)](Result<OnceNamed> const& named) mutable {
            done(named ? with_history(model, std::move(known), *named)
                       : Result<OnceKnown>(tl::unexpected(named.error())));
        });
}

std::string no_such_project(ReadModel const& model, std::string_view name) {
    Words names;
    for (auto const* project : model.projects()) {
        if (names.size() == kLookedAt) {
            break;
        }
        names.push_back(project->view.name);
    }
    return no_such("project", name, names);
}

}  // namespace muster
