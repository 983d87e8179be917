#pragma once

#include <cstdint>
#include <optional>

#include <muster/base/id.hpp>
#include <muster/base/result.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/domain/check_result.hpp>
#include <muster/domain/maintenance.hpp>
#include <muster/domain/planned_change.hpp>
#include <muster/domain/service.hpp>

namespace muster {

/// A service as a registration left it.
struct RegisteredService {
    Service service;
    bool added{false};  ///< It was not known before.
};

/// What people may ask the hub to change. Called on one loop, whichever owns the object; every
/// `done` runs exactly once on that loop, later than the call. What changes the registry is in the
/// journal before it is answered. Specs must be valid by themselves.
///
/// Errors of all: full (too many commands wait), unavailable (the hub stops, or its journal cannot
/// be written: nothing was changed), in_doubt (applied, and will be written when the journal can).
class HubCommands {
public:
    virtual ~HubCommands() = default;

    using ReloadDone = UniqueFunction<void(Result<ReloadReport>)>;
    using ServiceDone = UniqueFunction<void(Result<RegisteredService>)>;
    using WindowDone = UniqueFunction<void(Result<Maintenance>)>;
    using CheckDone = UniqueFunction<void(Result<std::optional<CheckResult>>)>;
    using Done = UniqueFunction<void(Result<void>)>;

    /// Reads the configuration again and applies it; only what changed is touched. Error invalid:
    /// the configuration is wrong, every mistake is named and nothing was changed.
    virtual void reload(ReloadDone done) = 0;

    /// What reload() would do.
    virtual void plan(ReloadDone done) = 0;

    /// Registers a service for the API, or updates the API's of that (project, name). Errors:
    /// conflict (the file owns it), invalid or unsupported (cannot be probed, or its dependencies
    /// name nobody or form a ring).
    virtual void register_service(ServiceSpec spec, ServiceDone done) = 0;

    /// Another name renames it. Errors as before; not_found; conflict (the name is taken); invalid
    /// (another project).
    virtual void replace_service(ServiceId id, ServiceSpec spec, ServiceDone done) = 0;

    /// Errors: not_found, conflict (the file owns it).
    virtual void remove_service(ServiceId id, Done done) = 0;

    enum class Wait : std::uint8_t { started, result };

    /// Checks a service now, or as soon as the caps allow; a check under way is that check.
    /// `started`: done at once, with nothing. `result`: done with the result once it is journalled.
    /// Errors: not_found (also when it is removed meanwhile).
    virtual void check_now(ServiceId id, Wait wait, CheckDone done) = 0;

    virtual void add_window(MaintenanceSpec spec, WindowDone done) = 0;

    /// Errors: not_found, conflict (the file owns it).
    virtual void remove_window(MaintenanceId id, Done done) = 0;
};

}  // namespace muster
