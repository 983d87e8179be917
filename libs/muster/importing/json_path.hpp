#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <muster/domain/http_expectation.hpp>

namespace muster::importing {

/// A path such as `.data[0].id` as we write it: `data.0.id`. Nothing: it is another kind of path.
[[nodiscard]] std::optional<std::string> json_path(std::string_view path);

/// What other programs compare as text, as JSON would have it: truth, a number, else text. Nothing:
/// a number that is not exact here.
[[nodiscard]] std::optional<JsonScalar> json_scalar(std::string const& text);

}  // namespace muster::importing
