#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// What in a Redis server's INFO would cost entries of streams or their exact count; one line each,
/// with what to do.
[[nodiscard]] std::vector<std::string> warnings_about(std::string_view info);

}  // namespace muster
