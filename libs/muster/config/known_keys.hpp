#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace muster::config {

/// A place in the configuration that has keys of its own.
enum class Section : std::uint8_t {
    file,
    hub,
    auth,
    logging,
    limits,
    cors,
    retention,
    defaults,
    project,
    service,
    probe,
    expect,
    json,
    tls,
    maintenance,
    match,
    weekly,
    redis,
    database,
    pool,
};

enum class KeyState : std::uint8_t {
    built,
    planned,  ///< Of the contract, but its feature is not there: refused by name.
};

/// Nothing: the contract has no such key there. This is the only list of keys that exist.
[[nodiscard]] std::optional<KeyState> state_of(Section section, std::string_view key) noexcept;

/// The built keys of a section, in the order in which the documentation shows them.
[[nodiscard]] std::vector<std::string_view> built_keys(Section section);

/// The same, and behind them those that are planned.
[[nodiscard]] std::vector<std::string_view> all_keys(Section section);

/// What a section is called in a message: `a service`.
[[nodiscard]] std::string_view name_of(Section section) noexcept;

}  // namespace muster::config
