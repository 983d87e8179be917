#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include <muster/tcp/resolver.hpp>

namespace muster {

/// Names in lower case, with their addresses in the file's order.
using HostsFile = std::unordered_map<std::string, Addresses>;

/// Reads hosts(5): an address and its names on a line, `#` starts a comment. Lines without an
/// address are skipped, as the system does.
[[nodiscard]] HostsFile parse_hosts(std::string_view text);

}  // namespace muster
