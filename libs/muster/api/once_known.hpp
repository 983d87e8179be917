#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <muster/api/history_queries.hpp>
#include <muster/api/read_model.hpp>
#include <muster/base/result.hpp>
#include <muster/base/unique_function.hpp>

namespace muster {

/// Whom a question about history is about. An empty name was not asked for.
struct OnceKnown {
    std::string project_name;
    std::string service_name;
    std::optional<ProjectId> project;
    std::optional<ServiceId> service;
};

/// Finds a project (by name or id) and a service (by name; by id too where its project is known) in
/// the model and, where it does not know one, by name in the history, which remembers the removed.
/// `done` runs inside the call where the model knows all that is asked for, else on the edge's
/// loop. Errors: not_found (neither knows it: says which, and whom may have been meant), and those
/// of HistoryQueries. `model` must outlive the question.
void find_once_known(ReadModel const& model, HistoryQueries& history, std::string_view project,
                     std::string_view service, UniqueFunction<void(Result<OnceKnown>)> done);

/// `No such project: 'shpo': did you mean 'shop'?`
[[nodiscard]] std::string no_such_project(ReadModel const& model, std::string_view name);

}  // namespace muster
