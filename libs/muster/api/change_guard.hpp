#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <muster/api/message.hpp>
#include <muster/api/origins.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/url.hpp>

namespace muster {

/// Who may change something (contract, section 4: "Who may"). Where a token is set it is asked for,
/// and nothing else counts; without one only this machine may, and a request that was forwarded is
/// not from it. Whatever a page in somebody's browser could send by itself is refused: another
/// Host than ours (a name that was made to point here), a foreign Origin, a body that is not
/// declared as JSON.
class ChangeGuard {
public:
    struct Options {
        std::string token;                 ///< Empty: none is set.
        std::vector<HostPort> listen;      ///< Where the edge listens.
        std::vector<std::string> hosts;    ///< Further names of ours (`hub.hosts`).
        std::vector<std::string> origins;  ///< `cors.origins`; `*` opens nothing here.
    };

    explicit ChangeGuard(Options options);

    /// The refusal (401, 403, 415), or nothing: go on.
    [[nodiscard]] std::optional<Response> refuse(Request const& request, WallTime now) const;

private:
    [[nodiscard]] bool is_ours(std::string_view host_header) const;

    std::string token_;
    std::vector<std::string> hosts_;
    bool any_address_{false};  ///< We listen on all of them.
    Origins origins_;
};

}  // namespace muster
