#pragma once

#include <muster/base/result.hpp>
#include <muster/domain/record.hpp>

namespace muster {

/// Whether a record can be stored at all: ids within bounds, text that is UTF-8 without NUL,
/// numbers that are numbers. Errors: invalid, saying which record and why.
[[nodiscard]] Result<void> check_storable(Record const& record);

}  // namespace muster
