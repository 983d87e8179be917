#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

#include <muster/base/enum_names.hpp>
#include <muster/config/load.hpp>
#include <muster/config/mistake.hpp>
#include <muster/importing/imported.hpp>

namespace muster {

/// Whose configuration is imported.
enum class ImportSource : std::uint8_t { gatus, kuma, blackbox };

constexpr EnumNames<ImportSource, 3> enum_names(ImportSource) {
    return {{{ImportSource::gatus, "gatus"},
             {ImportSource::kuma, "kuma"},
             {ImportSource::blackbox, "blackbox"}}};
}

/// `muster import`
struct ImportCommand {
    ImportSource source{ImportSource::gatus};
    std::string file;
    std::optional<std::string> prometheus;  ///< With blackbox: what is probed.
    bool dry_run{false};                    ///< Tell what would be; write nothing.
    std::optional<std::string> output;      ///< Nothing: standard output.
    std::optional<std::string> env_file;    ///< Where the secrets of the source go.
    bool force{false};                      ///< Overwrite what is there.
    bool json{false};                       ///< The findings as one JSON object.
};

/// Reads the files that the command names and makes a configuration of them. Blocks.
[[nodiscard]] config::Checked<importing::Imported> read_import(
    ImportCommand const& command, config::Environment const& environment);

/// Writes and tells what became of it. The exit code: 0 all carried over, 1 not all, 3 the source
/// cannot be read or the file not be written. Mistakes, notes and what to do go to `err`.
[[nodiscard]] int tell_import(ImportCommand const& command,
                              config::Checked<importing::Imported> const& imported,
                              std::ostream& out, std::ostream& err);

/// Both, for this process.
[[nodiscard]] int run_import(ImportCommand const& command);

}  // namespace muster
