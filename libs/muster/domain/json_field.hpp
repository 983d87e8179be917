#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <muster/base/result.hpp>

namespace muster {

/// Conditions that one service may have on the fields of a JSON body.
inline constexpr std::size_t kMaxJsonConditions = 64;
/// Names of one field, and levels of a body that is read.
inline constexpr std::size_t kMaxJsonNames = 64;

/// The names that lead to a field: `db`, `ok` of `db.ok`. Errors: invalid, naming the field: one of
/// them is empty, or there are more than kMaxJsonNames.
[[nodiscard]] Result<std::vector<std::string>> names_of_json_field(std::string_view field);

}  // namespace muster
