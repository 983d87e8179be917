#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <muster/domain/service.hpp>

namespace muster {

/// As people told it, or the probe's.
[[nodiscard]] std::optional<std::int64_t> stored_port(ServiceSpec const& spec);

/// Of HTTP probes. Lives as long as the program.
[[nodiscard]] std::optional<std::string_view> stored_method(ServiceSpec const& spec);

/// What an object is called before its name is known: `#17`.
[[nodiscard]] std::string name_or_id(std::string_view name, std::int64_t id);

}  // namespace muster
