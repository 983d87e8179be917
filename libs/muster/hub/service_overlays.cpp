#include <muster/hub/service_overlays.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace muster {
namespace {

/// At least so often windows are looked at: the wall clock may have been set.
constexpr Millis kLookAtWindows{30'000};
/// A dependency that was checked so shortly before a failure need not be checked again for it.
constexpr Millis kFreshEnough{1'000};

ServiceSpec const* spec_of(Service const* service) {
    return service == nullptr ? nullptr : &service->spec;
}

}  // namespace

ServiceOverlays::ServiceOverlays(Registry const& registry, Fleet& fleet, FleetView& view,
                                 ZoneRules& zones, Clock const& clock, Timers& timers, Log& log,
                                 Learn learn)
    : registry_(registry),
      fleet_(fleet),
      view_(view),
      zones_(zones),
      clock_(clock),
      log_(log),
      learn_(std::move(learn)),
      calendar_(zones),
      window_timer_(timers.make([this] { look_at_windows(); })) {}

Result<void> ServiceOverlays::accepts(Plan const& plan) const {
    std::vector<Maintenance> added;
    for (auto const& record : plan.records) {
        auto const* window = std::get_if<MaintenanceChanged>(&record);
        if (window != nullptr) {
            added.push_back(window->window);
        }
    }
    if (added.empty()) {
        return {};
    }
    MaintenanceCalendar trial(zones_);
    auto known = trial.set(std::move(added), clock_.now().wall);
    if (!known) {
        return failure(Errc::invalid, std::move(known.error().message));
    }
    return {};
}

ServiceOverlays::Touched ServiceOverlays::touched_by(Plan const& plan) const {
    Touched touched;
    auto const look_at = [&](ServiceId id, ServiceSpec const* after) {
        auto const* before = spec_of(registry_.find(id));
        touched.dependencies |= reachability_.is_touched(before, after);
    };
    for (auto const& record : plan.records) {
        if (auto const* changed = std::get_if<ServiceChanged>(&record)) {
            look_at(changed->service.id, &changed->service.spec);
            touched.services.push_back(changed->service.id);
        } else if (auto const* removed = std::get_if<ServiceRemoved>(&record)) {
            look_at(removed->id, nullptr);
            touched.removed.push_back(removed->id);
        } else if (std::holds_alternative<MaintenanceChanged>(record) ||
                   std::holds_alternative<MaintenanceRemoved>(record)) {
            touched.windows = true;
        }
    }
    return touched;
}

void ServiceOverlays::changed(Touched const& touched) {
    for (auto const id : touched.removed) {
        if (registry_.find(id) == nullptr) {
            reachability_.forget(id);
        }
    }
    std::vector<ServiceId> unreachable;
    if (touched.dependencies) {
        unreachable = reachability_.assign(registry_.services());
    }
    if (touched.windows) {
        set_windows();
        judge_maintenance_of_all();
        arm_windows();
    } else {
        judge_maintenance_of(touched.services);
    }
    for (auto const id : unreachable) {
        judge_reachability(id);
    }
}

/// Overlays were kept; what they are for may have changed while the hub was off.
void ServiceOverlays::start() {
    static_cast<void>(reachability_.assign(registry_.services()));
    set_windows();
    judge_maintenance_of_all();
    std::vector<ServiceId> others;
    fleet_.each([&](Service const& service, Tracker const& tracker) {
        if (reachability_.fault(service.id).has_value() !=
            tracker.overlays.has(Overlay::unreachable)) {
            others.push_back(service.id);
        }
    });
    std::sort(others.begin(), others.end());  // hash order is nobody's business
    for (auto const id : others) {
        judge_reachability(id);
    }
    arm_windows();
}

void ServiceOverlays::stop() {
    window_timer_->disarm();
}

void ServiceOverlays::went(ServiceId service, bool down, std::string const& error) {
    for (auto const id : reachability_.set_down(service, down, error)) {
        judge_reachability(id);
    }
}

std::string ServiceOverlays::root_cause(ServiceId service) const {
    auto explanation = reachability_.explanation(service);
    return explanation ? std::move(explanation->root) : std::string();
}

void ServiceOverlays::suspect_dependencies(Service const& service, CheckResult const& result) {
    for (auto const id : reachability_.suspects(service.id)) {
        auto const took = result.accepted_at - result.started_at;
        fleet_.check_now(id, std::clamp(took, kFreshEnough, 30 * kFreshEnough));
    }
}

void ServiceOverlays::flapping(Service const& service, Tracker const& tracker, bool on,
                               WallTime at) {
    set(service.id, {{},
                     {},
                     {},
                     Overlay::flapping,
                     on,
                     "its status changed in " + std::to_string(tracker.restlessness.changes()) +
                         " of the last " + std::to_string(Restlessness::kChecks) + " checks",
                     {},
                     at});
}

/// An overlay of a service comes or goes (or has another root cause): recorded, then shown.
void ServiceOverlays::set(ServiceId id, OverlayChanged change) {
    auto const watched = fleet_.set_overlay(id, change.overlay, change.on, change.at);
    if (!watched) {
        return;
    }
    auto const& spec = watched->service.spec;
    change.service = id;
    change.project = spec.project;
    change.name = spec.name;
    log_.write(LogLevel::info, spec.project + "/" + spec.name,
               (change.on ? "" : "no longer ") + std::string(to_string(change.overlay)) +
                   (change.why.empty() ? "" : ": " + change.why));
    learn_(change);
    view_.set_service(watched->service, watched->tracker, change.at);
}

void ServiceOverlays::judge_reachability(ServiceId id) {
    auto fault = reachability_.fault(id);
    auto const now = clock_.now().wall;
    if (fault) {
        set(id, {{},
                 {},
                 {},
                 Overlay::unreachable,
                 true,
                 std::move(fault->why),
                 std::move(fault->root),
                 now});
    } else {
        set(id, {{}, {}, {}, Overlay::unreachable, false, {}, {}, now});
    }
}

void ServiceOverlays::judge_maintenance(ServiceId id) {
    auto const* service = registry_.find(id);
    auto const* window = service == nullptr ? nullptr : calendar_.covering(service->spec);
    set(id, {{},
             {},
             {},
             Overlay::maintenance,
             window != nullptr,
             window == nullptr ? std::string() : window->spec.why,
             {},
             clock_.now().wall});
}

void ServiceOverlays::judge_maintenance_of(std::vector<ServiceId> ids) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    for (auto const id : ids) {
        auto const* service = registry_.find(id);
        auto const* tracker = fleet_.tracker(id);
        if (service != nullptr && tracker != nullptr &&
            (calendar_.covering(service->spec) != nullptr) !=
                tracker->overlays.has(Overlay::maintenance)) {
            judge_maintenance(id);
        }
    }
}

void ServiceOverlays::judge_maintenance_of_all() {
    std::vector<ServiceId> all;
    all.reserve(registry_.services().size());
    for (auto const& [id, service] : registry_.services()) {
        all.push_back(id);
    }
    judge_maintenance_of(std::move(all));
}

/// A window that was accepted once and whose zone is gone since stays closed: it must not stop the
/// rest.
void ServiceOverlays::set_windows() {
    auto const now = clock_.now().wall;
    std::vector<Maintenance> usable;
    for (auto const& [id, window] : registry_.windows()) {
        MaintenanceCalendar trial(zones_);
        if (auto known = trial.set({window}, now); known) {
            usable.push_back(window);
        } else {
            log_.write(LogLevel::warn, "config", known.error().message + ": it stays closed");
        }
    }
    static_cast<void>(calendar_.set(std::move(usable), now));
}

void ServiceOverlays::look_at_windows() {
    if (calendar_.advance(clock_.now().wall)) {
        judge_maintenance_of_all();
    }
    arm_windows();
}

void ServiceOverlays::arm_windows() {
    if (registry_.windows().empty()) {
        window_timer_->disarm();
        return;
    }
    auto const now = clock_.now();
    auto const edge = calendar_.next_edge();
    // All of them may be over, and the clock be set back.
    auto const ahead = edge ? *edge - now.wall : kLookAtWindows;
    window_timer_->arm(now.steady + std::clamp(ahead, Millis(1), kLookAtWindows));
}

}  // namespace muster
