#include <muster/api/read_model.hpp>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include <muster/codec/fleet_json.hpp>

namespace muster {
namespace {

/// The number that a text is from end to end, if it is a positive one.
std::optional<std::int64_t> number_of(std::string_view text) noexcept {
    std::int64_t value = 0;
    auto const* const end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stopped != end || value <= 0) {
        return std::nullopt;
    }
    return value;
}

template <class Id>
bool among(std::vector<Id> const& ids, Id id) noexcept {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

void ReadModel::apply(FleetDelta delta) {
    ++revision_;
    position_ = {delta.epoch, delta.seq};
    if (delta.reset) {
        projects_.clear();
        ids_.clear();
        services_.clear();
        service_ids_.clear();
        registered_.clear();
        registered_projects_.clear();
    }
    if (delta.reset || !delta.projects.empty() || !delta.removed_projects.empty()) {
        ++version_;
    }
    if (delta.reset || delta.windows || !delta.registered.empty() ||
        !delta.registered_projects.empty() || !delta.removed_projects.empty() ||
        !delta.removed_services.empty()) {
        ++registry_revision_;
    }
    // What is both removed and put in one delta came back with its old id.
    for (auto const id : delta.removed_services) {
        remove(id);
    }
    for (auto const id : delta.removed_projects) {
        remove(id);
    }
    for (auto& view : delta.projects) {
        put(std::move(view));
    }
    for (auto& view : delta.services) {
        put(std::move(view));
    }
    for (auto& metrics : delta.metrics) {
        put(std::move(metrics));
    }
    for (auto& service : delta.registered) {
        auto const id = service->id;
        registered_.insert_or_assign(id, std::move(service));
    }
    for (auto& project : delta.registered_projects) {
        auto const id = project->id;
        registered_projects_.insert_or_assign(id, std::move(project));
    }
    if (delta.windows) {
        windows_ = std::move(*delta.windows);
    }
}

void ReadModel::put(ProjectView view) {
    auto& project = projects_[view.id];
    auto const& old_name = project.entry.view.name;
    if (old_name != view.name) {
        if (auto const known = ids_.find(old_name);
            known != ids_.end() && known->second == view.id) {
            ids_.erase(known);
        }
        ids_.insert_or_assign(view.name, view.id);
    }
    project.entry = {std::move(view), version_};
    project.member.clear();
}

void ReadModel::put(ServiceView view) {
    auto const [known, added] = services_.try_emplace(view.id);
    auto& old = known->second;
    if (added || old.name != view.name || old.project_id != view.project_id) {
        forget_name(old);
        service_ids_.insert_or_assign({view.project_id, view.name}, view.id);
    }
    old = std::move(view);
}

void ReadModel::put(ProjectMetrics metrics) {
    if (auto const project = projects_.find(metrics.project); project != projects_.end()) {
        project->second.metrics = std::move(metrics);
    }
}

void ReadModel::remove(ServiceId id) {
    registered_.erase(id);
    if (auto const service = services_.find(id); service != services_.end()) {
        forget_name(service->second);
        services_.erase(service);
    }
}

void ReadModel::forget_name(ServiceView const& service) {
    auto const name = service_ids_.find({service.project_id, service.name});
    if (name != service_ids_.end() && name->second == service.id) {
        service_ids_.erase(name);
    }
}

void ReadModel::remove(ProjectId id) {
    registered_projects_.erase(id);
    auto const project = projects_.find(id);
    if (project == projects_.end()) {
        return;
    }
    if (auto const name = ids_.find(project->second.entry.view.name);
        name != ids_.end() && name->second == id) {
        ids_.erase(name);
    }
    projects_.erase(project);
}

std::string const& ReadModel::member(Project& project) {
    if (project.member.empty()) {
        append_status_member(project.member, project.entry.view);
    }
    return project.member;
}

SharedText ReadModel::status_map() {
    if (map_ && map_version_ == version_) {
        return map_;
    }
    auto text = std::make_shared<std::string>();
    text->reserve(map_ ? map_->size() + map_->size() / 16 : projects_.size() * 256 + 2);
    *text += '{';
    for (auto& [id, project] : projects_) {
        if (text->size() > 1) {
            *text += ',';
        }
        *text += member(project);
    }
    *text += '}';
    map_ = std::move(text);
    map_version_ = version_;
    return map_;
}

void ReadModel::append_member(std::string& out, ProjectId id) {
    if (auto const project = projects_.find(id); project != projects_.end()) {
        out += member(project->second);
    }
}

ReadModel::ProjectEntry const* ReadModel::project(std::string_view name_or_id) const {
    if (auto const named = ids_.find(name_or_id); named != ids_.end()) {
        return project(named->second);
    }
    auto const id = number_of(name_or_id);
    return id ? project(ProjectId{*id}) : nullptr;
}

ReadModel::ProjectEntry const* ReadModel::project(ProjectId id) const {
    auto const project = projects_.find(id);
    return project != projects_.end() ? &project->second.entry : nullptr;
}

std::vector<ReadModel::ProjectEntry const*> ReadModel::projects() const {
    std::vector<ProjectEntry const*> all;
    all.reserve(projects_.size());
    for (auto const& [id, project] : projects_) {
        all.push_back(&project.entry);
    }
    return all;
}

std::vector<ServiceView const*> ReadModel::services_of(ProjectId project) const {
    std::vector<ServiceView const*> found;
    for (auto place = service_ids_.lower_bound({project, std::string()});
         place != service_ids_.end() && place->first.first == project; ++place) {
        found.push_back(&services_.at(place->second));
    }
    return found;
}

ServiceView const* ReadModel::service(ProjectId project, std::string_view name_or_id) const {
    auto const named = service_ids_.find({project, std::string(name_or_id)});
    if (named != service_ids_.end()) {
        return service(named->second);
    }
    auto const id = number_of(name_or_id);
    auto const* const found = id ? service(ServiceId{*id}) : nullptr;
    return found != nullptr && found->project_id == project ? found : nullptr;
}

ServiceView const* ReadModel::service(ServiceId id) const {
    auto const service = services_.find(id);
    return service != services_.end() ? &service->second : nullptr;
}

Service const* ReadModel::registered(ServiceId id) const {
    auto const found = registered_.find(id);
    return found != registered_.end() ? found->second.get() : nullptr;
}

Service const* ReadModel::registered(std::string_view path_id) const {
    auto const slash = path_id.find('/');
    if (slash == std::string_view::npos) {
        auto const id = number_of(path_id);
        return id ? registered(ServiceId{*id}) : nullptr;
    }
    auto const* const owner = project(path_id.substr(0, slash));
    auto const* const found =
        owner != nullptr ? service(owner->view.id, path_id.substr(slash + 1)) : nullptr;
    return found != nullptr ? registered(found->id) : nullptr;
}

muster::Project const* ReadModel::registered(ProjectId id) const {
    return shared_project(id).get();  // held here beyond the call
}

std::shared_ptr<muster::Project const> ReadModel::shared_project(ProjectId id) const {
    auto const found = registered_projects_.find(id);
    return found != registered_projects_.end() ? found->second : nullptr;
}

std::optional<ReadModel::ServicePlace> ReadModel::visit_services(
    std::optional<ServicePlace> const& after, std::size_t count,
    std::function<void(ServiceView const&)> const& visit) const {
    auto next = after ? service_ids_.upper_bound(*after) : service_ids_.begin();
    std::optional<ServicePlace> last;
    for (; count > 0 && next != service_ids_.end(); --count, ++next) {
        visit(services_.at(next->second));
        if (count == 1) {
            last = next->first;
        }
    }
    return next != service_ids_.end() ? last : std::nullopt;
}

ProjectMetrics const* ReadModel::metrics(ProjectId project) const {
    auto const found = projects_.find(project);
    if (found == projects_.end() || !found->second.metrics) {
        return nullptr;
    }
    return &*found->second.metrics;
}

}  // namespace muster
