#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include <muster/config/model.hpp>

namespace muster {

/// `muster migrate`
struct MigrateCommand {
    std::optional<std::string> config;
    bool dry_run{false};
    bool json{false};
};

/// Brings the schema of the configured database up to date, or tells what that would do. The exit
/// code: 0 done or nothing to do, 1 the database is away, or refuses.
[[nodiscard]] int run_migrate(MigrateCommand const& command,
                              config::Configuration const& configuration, std::ostream& out,
                              std::ostream& err);

}  // namespace muster
