#pragma once

// Private to this library.

#include <string>

namespace muster {

// What a hub keeps in Redis beside streams (docs/events.md).

inline std::string cursor_key(std::string const& hub_id) {
    return "muster:cursor:" + hub_id;
}

inline std::string lease_key(std::string const& hub_id) {
    return "muster:lease:" + hub_id;
}

}  // namespace muster
