#pragma once

#include <string>

#include <muster/api/message.hpp>
#include <muster/base/time.hpp>

namespace muster {

/// How an answer goes on the wire.
struct Wire {
    WallTime now{};
    bool http10{false};
    bool keep_alive{true};
};

/// Appends the status line and the headers with the empty line that ends them: what the answer says
/// of itself, and Date, Content-Length, X-Content-Type-Options and Connection.
void append_response_head(std::string& out, Response const& response, Wire const& wire);

}  // namespace muster
