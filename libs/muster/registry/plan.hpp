#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/maintenance.hpp>
#include <muster/domain/planned_change.hpp>
#include <muster/domain/record.hpp>
#include <muster/registry/registry.hpp>

namespace muster {

/// What a wish would do to the registry.
struct Plan {
    /// Records in an order in which they may be journalled and applied.
    std::vector<RecordBody> records;
    std::vector<PlannedChange> changes;
    std::vector<std::string> warnings;  ///< Worth a look, one line each.

    [[nodiscard]] std::size_t count(ChangeAction action) const noexcept;
};

/// Makes the file's objects what the file says; empty when they are so already. What the API owns
/// stays as it is, with these exceptions, which are told: an object of the file takes over one of
/// the API of the same identity; a project that the file drops while it holds services of the API
/// becomes the API's; names of what is renamed are followed. `formerly:` moves what is known by the
/// old name unless that is still listed or the new name is known as well; it is forgotten
/// afterwards, so that leaving it in the file changes nothing. A window that says the same keeps
/// its id; so does one that is changed, as far as its `why` or its `match` says which it was.
/// Names in `projects` are valid and unique. Errors: invalid (rename_mistakes; a ring of
/// dependencies with services of the API).
[[nodiscard]] Result<Plan> plan_configuration(Registry const& registry,
                                              std::span<ProjectSpec const> projects,
                                              std::span<MaintenanceSpec const> windows,
                                              WallTime now);

/// Registers a service for the API, or makes the one of that (project, name) what `wanted` says. An
/// unknown project is made, without a URL. `wanted` is valid; its `formerly` is not looked at.
/// Errors: conflict (the file owns it), invalid (its dependencies name nobody, or form a ring).
[[nodiscard]] Result<Plan> plan_registration(Registry const& registry, ServiceSpec wanted,
                                             WallTime now);

/// Makes the service `id` what `wanted` says; another name renames it. Errors: not_found, conflict
/// (the file owns it, or the new name is taken), invalid (another project, or its dependencies).
[[nodiscard]] Result<Plan> plan_replacement(Registry const& registry, ServiceId id,
                                            ServiceSpec wanted, WallTime now);

/// Removes a service of the API, and the project that was made for it if it was the last one.
/// Errors: not_found, conflict (the file owns it).
[[nodiscard]] Result<Plan> plan_removal(Registry const& registry, ServiceId id, WallTime now);

/// So many maintenance windows the API may have.
inline constexpr std::size_t kMaxApiWindows = 1000;
/// So long after its end a window of the API that does not come back every week is kept.
inline constexpr Millis kPastWindowsAreKept = 7 * 24h;

/// Adds a maintenance window for the API, which is the first record, and removes those of the API
/// that are long past.
[[nodiscard]] Plan plan_window(Registry const& registry, MaintenanceSpec wanted, WallTime now);

/// Whether there is room for the windows that a plan adds for the API. Error: conflict.
[[nodiscard]] Result<void> check_room_for_windows(Registry const& registry, Plan const& plan);

/// Errors: not_found, conflict (the file owns it).
[[nodiscard]] Result<Plan> plan_window_removal(Registry const& registry, MaintenanceId id,
                                               WallTime now);

}  // namespace muster
