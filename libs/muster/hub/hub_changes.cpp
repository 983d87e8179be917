#include <muster/hub/hub_impl.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace muster {

Result<void> Hub::Impl::ready_to_change() const {
    if (!condition.started || stopping) {
        return failure(Errc::unavailable, "the hub is stopping");
    }
    if (!recorder.healthy()) {
        return failure(Errc::unavailable,
                       "nothing was changed, the journal cannot be written: " + recorder.problem());
    }
    return {};
}

/// Whether all of a plan can be carried out: every probe can be prepared, every window's zone is
/// known. Changes nothing.
Result<void> Hub::Impl::accepts(Plan const& plan) {
    auto accepted = changes.check(plan);
    return accepted ? overlays.accepts(plan) : accepted;
}

/// Applies a plan as a whole or not at all, and writes it down.
Result<void> Hub::Impl::carry_out(Plan const& plan) {
    auto accepted = accepts(plan);
    if (!accepted) {
        return accepted;
    }
    auto const touched = overlays.touched_by(plan);
    for (auto const& record : plan.records) {
        learned(record);
    }
    for (auto const id : changes.apply(plan, ports.clock.now().wall)) {
        awaited.gone(id);
    }
    overlays.changed(touched);
    show_due = true;  // whoever asked for it may look at once
    commit();
    if (!recorder.healthy()) {
        return failure(Errc::in_doubt, "done, but not yet in the journal: " + recorder.problem());
    }
    return {};
}

Result<ReloadReport> Hub::Impl::reload(std::span<ProjectSpec const> projects,
                                       std::span<MaintenanceSpec const> windows) {
    auto const ready = ready_to_change();
    if (!ready) {
        return tl::unexpected(ready.error());
    }
    auto const now = ports.clock.now().wall;
    auto plan = plan_configuration(registry, projects, windows, now);
    if (!plan) {
        return tl::unexpected(std::move(plan.error()));
    }
    auto const touched = [&plan](ChangeAction action) {
        return static_cast<std::uint32_t>(plan->count(action));
    };
    plan->records.emplace_back(
        ConfigReloaded{touched(ChangeAction::added),
                       touched(ChangeAction::changed) + touched(ChangeAction::renamed),
                       touched(ChangeAction::removed), now});
    auto done = carry_out(*plan);
    if (!done) {
        return tl::unexpected(std::move(done.error()));
    }
    return ReloadReport{std::move(plan->changes), {}, std::move(plan->warnings)};
}

Result<RegisteredService> Hub::Impl::registered(Result<Plan> const& plan,
                                                std::optional<ServiceId> id) {
    if (!plan) {
        return tl::unexpected(plan.error());
    }
    RegisteredService result;
    for (auto const& record : plan->records) {
        auto const* changed = std::get_if<ServiceChanged>(&record);
        if (changed != nullptr && !id) {
            id = changed->service.id;
            result.added = changed->added;
        }
    }
    auto const done = carry_out(*plan);
    if (!done) {
        return tl::unexpected(done.error());
    }
    result.service = *registry.find(*id);
    return result;
}

Result<ReloadReport> Hub::plan(std::span<ProjectSpec const> projects,
                               std::span<MaintenanceSpec const> windows) {
    auto plan =
        plan_configuration(impl_->registry, projects, windows, impl_->ports.clock.now().wall);
    if (!plan) {
        return tl::unexpected(std::move(plan.error()));
    }
    auto const accepted = impl_->accepts(*plan);
    if (!accepted) {
        return tl::unexpected(accepted.error());
    }
    return ReloadReport{std::move(plan->changes), {}, std::move(plan->warnings)};
}

Result<RegisteredService> Hub::register_service(ServiceSpec spec) {
    auto const ready = impl_->ready_to_change();
    if (!ready) {
        return tl::unexpected(ready.error());
    }
    auto const* known = impl_->registry.find_service(spec.project, spec.name);
    auto const id = known != nullptr ? std::optional(known->id) : std::nullopt;
    return impl_->registered(
        plan_registration(impl_->registry, std::move(spec), impl_->ports.clock.now().wall), id);
}

Result<RegisteredService> Hub::replace_service(ServiceId id, ServiceSpec spec) {
    auto const ready = impl_->ready_to_change();
    if (!ready) {
        return tl::unexpected(ready.error());
    }
    return impl_->registered(
        plan_replacement(impl_->registry, id, std::move(spec), impl_->ports.clock.now().wall), id);
}

Result<void> Hub::remove_service(ServiceId id) {
    auto const ready = impl_->ready_to_change();
    if (!ready) {
        return ready;
    }
    auto const plan = plan_removal(impl_->registry, id, impl_->ports.clock.now().wall);
    return plan ? impl_->carry_out(*plan) : tl::unexpected(plan.error());
}

Result<Maintenance> Hub::add_window(MaintenanceSpec spec) {
    auto const ready = impl_->ready_to_change();
    if (!ready) {
        return tl::unexpected(ready.error());
    }
    auto const plan = plan_window(impl_->registry, std::move(spec), impl_->ports.clock.now().wall);
    auto const done = impl_->carry_out(plan);
    if (!done) {
        return tl::unexpected(done.error());
    }
    return std::get<MaintenanceChanged>(plan.records.front()).window;
}

Result<void> Hub::remove_window(MaintenanceId id) {
    auto const ready = impl_->ready_to_change();
    if (!ready) {
        return ready;
    }
    auto const plan = plan_window_removal(impl_->registry, id, impl_->ports.clock.now().wall);
    return plan ? impl_->carry_out(*plan) : tl::unexpected(plan.error());
}

}  // namespace muster
