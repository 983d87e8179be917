#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <muster/base/enum_names.hpp>

namespace muster {

enum class ObjectKind : std::uint8_t { project, service, maintenance };

constexpr EnumNames<ObjectKind, 3> enum_names(ObjectKind) {
    return {{{ObjectKind::project, "project"},
             {ObjectKind::service, "service"},
             {ObjectKind::maintenance, "maintenance"}}};
}

enum class ChangeAction : std::uint8_t { added, changed, renamed, removed };

constexpr EnumNames<ChangeAction, 4> enum_names(ChangeAction) {
    return {{{ChangeAction::added, "added"},
             {ChangeAction::changed, "changed"},
             {ChangeAction::renamed, "renamed"},
             {ChangeAction::removed, "removed"}}};
}

/// One object that a change of the registry touches, for people.
struct PlannedChange {
    ObjectKind kind{ObjectKind::service};
    ChangeAction action{ChangeAction::added};
    std::string name;                 ///< `shop`, `shop/db`; of a window: why, or `#3`.
    std::string formerly;             ///< Of renamed: the name it had.
    std::vector<std::string> fields;  ///< What else changes, in the configuration's words.

    bool operator==(PlannedChange const&) const = default;
};

/// What reading the configuration again did, or would do.
struct ReloadReport {
    std::vector<PlannedChange> changes;
    std::vector<std::string> needs_restart;  ///< Settings that differ and wait for a restart.
    std::vector<std::string> warnings;       ///< One line each.
    std::vector<std::string> settings{};     ///< That take effect: `limits.perHost: 64 -> 32`.

    bool operator==(ReloadReport const&) const = default;
};

/// `renamed service shop/web, was shop/app: interval`.
[[nodiscard]] std::string to_text(PlannedChange const& change);

}  // namespace muster
