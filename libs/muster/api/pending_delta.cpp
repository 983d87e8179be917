#include <muster/api/pending_delta.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace muster {
namespace {

ServiceId id_of(ServiceView const& row) noexcept {
    return row.id;
}
ProjectId id_of(ProjectView const& row) noexcept {
    return row.id;
}
ProjectId id_of(ProjectMetrics const& row) noexcept {
    return row.project;
}
template <class Object>
auto id_of(std::shared_ptr<Object const> const& row) noexcept {
    return row->id;
}

template <class Row, class Id>
void index_rows(std::vector<Row> const& rows, std::unordered_map<Id, std::size_t>& places) {
    places.clear();
    for (std::size_t at = 0; at < rows.size(); ++at) {
        places.insert_or_assign(id_of(rows[at]), at);
    }
}

/// Newer rows take the place of older ones of the same object.
template <class Row, class Id>
void put_rows(std::vector<Row>& rows, std::unordered_map<Id, std::size_t>& places,
              std::vector<Row>&& newer) {
    for (auto& row : newer) {
        auto const [known, added] = places.try_emplace(id_of(row), rows.size());
        if (added) {
            rows.push_back(std::move(row));
        } else {
            rows[known->second] = std::move(row);
        }
    }
}

/// What is gone takes its rows along; it may still come back with new ones.
template <class Row, class Id>
void drop_rows(std::vector<Row>& rows, std::vector<Id> const& gone) {
    std::erase_if(rows, [&gone](Row const& row) {
        return std::find(gone.begin(), gone.end(), id_of(row)) != gone.end();
    });
}

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

void PendingDelta::add(FleetDelta next) {
    if (delta_.empty() || next.reset) {
        // A reset forgets the picture, not what happened.
        auto transitions = std::move(delta_.transitions);
        bool const urgent = delta_.urgent || next.urgent;
        append(transitions, std::move(next.transitions));
        delta_ = std::move(next);
        delta_.transitions = std::move(transitions);
        delta_.urgent = urgent;
        indexed_ = false;
    } else {
        if (!next.removed_services.empty() || !next.removed_projects.empty()) {
            drop_rows(delta_.services, next.removed_services);
            drop_rows(delta_.registered, next.removed_services);
            drop_rows(delta_.projects, next.removed_projects);
            drop_rows(delta_.metrics, next.removed_projects);
            drop_rows(delta_.registered_projects, next.removed_projects);
            indexed_ = false;
        }
        index();
        delta_.urgent = delta_.urgent || next.urgent;
        delta_.epoch = next.epoch;
        delta_.seq = next.seq;
        put_rows(delta_.services, services_, std::move(next.services));
        put_rows(delta_.projects, projects_, std::move(next.projects));
        put_rows(delta_.metrics, metrics_, std::move(next.metrics));
        put_rows(delta_.registered, registered_, std::move(next.registered));
        put_rows(delta_.registered_projects, registered_projects_,
                 std::move(next.registered_projects));
        if (next.windows) {
            delta_.windows = std::move(next.windows);
        }
        append(delta_.removed_services, std::move(next.removed_services));
        append(delta_.removed_projects, std::move(next.removed_projects));
        append(delta_.transitions, std::move(next.transitions));
    }
    if (delta_.transitions.size() > kMaxTransitions) {
        auto const excess = delta_.transitions.size() - kMaxTransitions;
        delta_.transitions.erase(delta_.transitions.begin(),
                                 delta_.transitions.begin() + static_cast<std::ptrdiff_t>(excess));
        lost_transitions_ += excess;
    }
}

void PendingDelta::index() {
    if (std::exchange(indexed_, true)) {
        return;
    }
    index_rows(delta_.services, services_);
    index_rows(delta_.projects, projects_);
    index_rows(delta_.metrics, metrics_);
    index_rows(delta_.registered, registered_);
    index_rows(delta_.registered_projects, registered_projects_);
}

FleetDelta PendingDelta::take() {
    indexed_ = false;
    return std::exchange(delta_, {});
}

}  // namespace muster
