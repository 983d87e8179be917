#include "registry_life.hpp"

#include <algorithm>
#include <utility>

namespace muster::simulation {

std::optional<Service> RegistryLife::choose() {
    auto all = services();
    std::erase_if(all, [this](Service const& service) {
        bool const may_go =
            !machine_.wanted.empty() && service.spec.project == machine_.wanted.back().name;
        return service.owner != Owner::api && !may_go;
    });
    if (all.empty()) {
        return std::nullopt;
    }
    auto const number = random_.between(0, static_cast<std::int64_t>(all.size()) - 1);
    auto const& service = all[static_cast<std::size_t>(number)];
    chosen_ = service.id;
    return service;
}

void RegistryLife::act() {
    switch (random_.between(0, 6)) {
        case 0:
        case 1:
            reload();
            break;
        case 2:
            register_something();
            break;
        case 3:
            replace_something();
            break;
        case 4:
            remove_something();
            break;
        case 5:
            check_something();
            break;
        default:
            plan_only();
    }
    chosen_.reset();
}

RegistryLife::Picture RegistryLife::picture() const {
    Picture picture;
    hub().each([&picture](Service const& service, Tracker const&) {
        picture.emplace(service.spec.project + "/" + service.spec.name,
                        Known{service.id, service.owner, service.identity});
    });
    return picture;
}

/// Names, intervals and the list itself change; what was called otherwise says so.
void RegistryLife::change_wishes() {
    auto& wanted = machine_.wanted;
    if (!wanted.empty() && random_.one_in(4)) {
        put_aside_.push_back(wanted.back());
        wanted.pop_back();
    } else if (!put_aside_.empty() && random_.one_in(2)) {
        wanted.push_back(put_aside_.back());
        put_aside_.pop_back();
    }
    for (auto& project : wanted) {
        project.formerly.clear();
        if (random_.one_in(4)) {
            project.formerly = std::exchange(project.name, fresh_name("p"));
        }
        for (auto& service : project.services) {
            service.project = project.name;
            service.formerly.clear();
            if (random_.one_in(6)) {
                service.formerly = std::exchange(service.name, fresh_name("s"));
            }
            if (random_.one_in(6)) {
                service.policy.interval = std::chrono::seconds(random_.between(2, 60));
            }
        }
    }
}

void RegistryLife::reload() {
    auto const wishes = machine_.wanted;
    auto const put_aside = put_aside_;
    change_wishes();
    machine_.trace.add("act: reload");
    auto const before = picture();
    auto const report = hub().reload(machine_.wanted, machine_.windows());
    if (machine_.effects.dead()) {
        return;
    }
    if (!report) {
        expect(unanswered(report.error()), "a reload is taken: " + report.error().message);
        if (report.error().code == Errc::unavailable) {
            machine_.wanted = wishes;
            put_aside_ = put_aside;
        }
        return;
    }
    check_renames(before, *report);
    auto const again = hub().reload(machine_.wanted, machine_.windows());
    if (!machine_.effects.dead() && again) {
        expect(again->changes.empty(), "a reload of the same changes nothing");
    }
}

void RegistryLife::check_renames(Picture const& before, ReloadReport const& report) {
    auto const now = picture();
    for (auto const& change : report.changes) {
        bool const service = change.kind == ObjectKind::service;
        figures_.renamed += change.action == ChangeAction::renamed && service ? 1 : 0;
    }
    for (auto const& project : machine_.wanted) {
        for (auto const& service : project.services) {
            auto const old_project = project.formerly.empty() ? project.name : project.formerly;
            auto const old_name = service.formerly.empty() ? service.name : service.formerly;
            auto const old = before.find(old_project + "/" + old_name);
            auto const found = now.find(project.name + "/" + service.name);
            expect(found != now.end(), "what is wanted is watched: " + project.name);
            if (old != before.end() && found != now.end()) {
                expect(found->second.id == old->second.id, "a rename keeps the id");
            }
        }
    }
}

void RegistryLife::plan_only() {
    auto const before = picture();
    expect(hub().plan({}, {}).has_value(), "anything can be planned");
    expect(picture() == before, "a plan changes nothing");
}

void RegistryLife::register_something() {
    ServiceSpec spec;
    bool const of_its_own = random_.one_in(2) || machine_.wanted.empty();
    spec.project = of_its_own ? "made" : machine_.wanted.front().name;
    spec.name = "api-" + std::to_string(random_.between(1, 6));
    spec.probe = TcpProbeSpec{{"10.1.0.1", static_cast<std::uint16_t>(random_.between(1, 4))}};
    spec.policy.interval = std::chrono::seconds(random_.between(2, 30));
    machine_.trace.add("act: register " + spec.project + "/" + spec.name);
    auto const registered = hub().register_service(spec);
    if (machine_.effects.dead()) {
        return;
    }
    if (!registered) {
        expect(unanswered(registered.error()), "a service is registered");
        return;
    }
    expect(registered->service.owner == Owner::api, "who registers by the API owns it");
}

void RegistryLife::replace_something() {
    auto const target = any_service(Owner::api);
    if (!target) {
        return;
    }
    auto spec = target->spec;
    spec.name = fresh_name("api");
    if (random_.one_in(3)) {
        spec.probe = TcpProbeSpec{{"10.1.0.2", static_cast<std::uint16_t>(random_.between(1, 4))}};
    }
    machine_.trace.add("act: replace " + target->spec.name + " by " + spec.name);
    auto const replaced = hub().replace_service(target->id, spec);
    if (machine_.effects.dead()) {
        return;
    }
    if (!replaced) {
        expect(unanswered(replaced.error()), "a service is replaced");
        return;
    }
    expect(replaced->service.id == target->id, "who is replaced keeps its id");
    ++figures_.renamed;
}

void RegistryLife::remove_something() {
    auto const target = any_service(random_.one_in(2) ? Owner::api : Owner::file);
    if (!target) {
        return;
    }
    machine_.trace.add("act: remove " + target->spec.project + "/" + target->spec.name);
    auto const removed = hub().remove_service(target->id);
    if (machine_.effects.dead() || (!removed && unanswered(removed.error()))) {
        return;
    }
    expect(removed.has_value() == (target->owner == Owner::api),
           "the API removes what is its own, and nothing else");
}

void RegistryLife::check_something() {
    auto const target = any_service(random_.one_in(2) ? Owner::api : Owner::file);
    if (!target) {
        return;
    }
    machine_.trace.add("act: check " + target->spec.project + "/" + target->spec.name);
    ++figures_.asked;
    ++waiting_;
    asked_for_[target->id].push_back(machine_.loop.now().wall);
    hub().check_now(target->id, HubCommands::Wait::result,
                    [this, life = life_, id = target->id](auto const& result) {
                        expect(life == life_, "nobody is answered by another process");
                        ++figures_.answered;
                        --waiting_;
                        if (result) {
                            expect((*result)->service == id, "the check is of who was asked for");
                        } else {
                            expect(result.error().code == Errc::not_found ||
                                       result.error().code == Errc::unavailable,
                                   "a check ends with its result: " + result.error().message);
                        }
                    });
}

void RegistryLife::look() {
    hub().each([this](Service const& service, Tracker const&) {
        auto const seen = identities_of_life_.try_emplace(service.id, service.identity).first;
        auto const known = identities_.find(service.id);
        expect(seen->second == service.identity &&
                   (known == identities_.end() || known->second == service.identity),
               "an id belongs to one service for ever");
    });
}

void RegistryLife::hub_gone(bool surely) {
    left_ = surely ? std::optional(picture()) : std::nullopt;
    // What could not be written yet was answered as in doubt: it may be gone, and its id with it.
    if (surely) {
        identities_.merge(identities_of_life_);
    }
    identities_of_life_.clear();
    ++life_;
    figures_.lost += std::exchange(waiting_, 0U);
}

void RegistryLife::hub_back() {
    if (left_) {
        expect(picture() == *left_, "what was answered is so after a restart");
    }
    left_.reset();
}

void RegistryLife::end() {
    expect(figures_.asked == figures_.answered + figures_.lost, "every question is answered");
}

bool RegistryLife::asked_for(ServiceId id, WallTime started_at) const {
    auto const found = asked_for_.find(id);
    return found != asked_for_.end() &&
           std::any_of(found->second.begin(), found->second.end(), [started_at](WallTime asked) {
               return started_at >= asked && started_at <= asked + 1min;
           });
}

/// By id: the fleet's order is nobody's business, and runs repeat exactly.
std::vector<Service> RegistryLife::services() const {
    std::vector<Service> all;
    hub().each([&](Service const& service, Tracker const&) { all.push_back(service); });
    std::sort(all.begin(), all.end(),
              [](auto const& left, auto const& right) { return left.id < right.id; });
    return all;
}

std::optional<Service> RegistryLife::any_service(Owner owner) {
    auto all = services();
    std::erase_if(all, [owner](Service const& service) { return service.owner != owner; });
    if (all.empty()) {
        return std::nullopt;
    }
    auto const chosen = std::find_if(
        all.begin(), all.end(), [this](Service const& service) { return service.id == chosen_; });
    if (chosen != all.end()) {
        return *chosen;
    }
    return all[static_cast<std::size_t>(
        random_.between(0, static_cast<std::int64_t>(all.size()) - 1))];
}

bool RegistryLife::unanswered(Error const& error) const {
    return error.code == Errc::unavailable || error.code == Errc::in_doubt;
}

void RegistryLife::expect(bool holds, std::string promise) {
    if (!holds && complaints_.size() < 40) {
        complaints_.push_back(std::move(promise));
    }
}

}  // namespace muster::simulation
