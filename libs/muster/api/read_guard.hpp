#pragma once

#include <optional>
#include <string>
#include <vector>

#include <muster/api/message.hpp>
#include <muster/api/origins.hpp>
#include <muster/api/read_session.hpp>
#include <muster/base/time.hpp>

namespace muster {

/// Who may read (contract, section 4: "Who may"). Everybody, unless `auth.reads` is `token`: then
/// every request must bring the token or a session that was begun with it, from this machine too.
/// The Router asks it before anything else, so that no route can forget to; only what tells nothing
/// of what is watched stays open: `/health` and `/ready`, and the style of our pages.
class ReadGuard {
public:
    struct Options {
        std::string token;                 ///< Not empty.
        ReadSession::Sign sign;            ///< See ReadSession.
        std::vector<std::string> origins;  ///< `cors.origins`; `*` opens nothing to a session.
    };

    /// Reads are open to everybody.
    ReadGuard() = default;
    /// Reads need the token.
    explicit ReadGuard(Options options);

    /// 401, as the paths beside this one are answered (JSON, text, a page, a badge); nothing: go
    /// on.
    [[nodiscard]] std::optional<Response> refuse(Request const& request, WallTime now) const;

    /// What begins sessions; null: reads are open.
    [[nodiscard]] ReadSession const* session() const noexcept;

private:
    struct Asked {
        std::string token;
        ReadSession session;
        Origins origins;
    };

    std::optional<Asked> asked_;
};

}  // namespace muster
