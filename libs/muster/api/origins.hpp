#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// Which web pages may ask (`cors.origins`). Reads are open: with `*` every page may, and as the
/// live feeds show nothing that a read does not, `*` holds for WebSockets too. Without `*` a
/// WebSocket's Origin must be listed, be the host that it asks, or be a page of this machine.
/// (Changing calls are another matter: `*` will never open those.)
class Origins {
public:
    /// As configured: `*`, or origins like `https://ops.example.org`.
    explicit Origins(std::vector<std::string> listed);

    /// The header line(s) that let a page of `origin` read the answer; may be empty.
    [[nodiscard]] std::string read_headers(std::string_view origin) const;

    /// Whether a page of `origin` (empty: no page) may open a WebSocket to `host`, the Host header.
    [[nodiscard]] bool admits_socket(std::string_view origin, std::string_view host) const;

    /// Whether a page of `origin` may change something on `host`: the same one, or one that is
    /// listed by name. `*` opens nothing.
    [[nodiscard]] bool admits_change(std::string_view origin, std::string_view host) const;

private:
    [[nodiscard]] bool lists(std::string_view origin) const;

    std::vector<std::string> listed_;
    bool any_;
};

}  // namespace muster
