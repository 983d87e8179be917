#pragma once

#include <optional>
#include <vector>

#include <muster/domain/maintenance.hpp>
#include <muster/importing/source_map.hpp>

namespace muster::importing {

/// A maintenance section of Gatus as weekly windows: one for each day that it names, or all seven.
/// None: it is switched off. Nothing: it cannot be read.
[[nodiscard]] std::optional<std::vector<WeeklyWindow>> gatus_windows(SourceMap const& section);

}  // namespace muster::importing
