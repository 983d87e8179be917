#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <muster/config/load.hpp>
#include <muster/config/mistake.hpp>
#include <muster/config/model.hpp>
#include <muster/domain/url.hpp>

namespace muster::config {

/// Puts what the variables say (contract, section 10) over `out`; an empty variable counts as not
/// set. Gives the mistakes, in the order of the contract's table.
[[nodiscard]] std::vector<Mistake> apply_environment(Environment const& environment,
                                                     Configuration& out);

/// `host:port` as a program listens on it: port 0 takes any that is free.
[[nodiscard]] std::optional<HostPort> parse_listen(std::string_view text);

/// In the order of LogLevel and LogFormat.
[[nodiscard]] std::vector<std::string_view> const& log_level_words();
[[nodiscard]] std::vector<std::string_view> const& log_format_words();

}  // namespace muster::config
