#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <demo/project.hpp>
#include <muster/base/result.hpp>

namespace muster::demo {

struct ListenOn {
    std::string host{"127.0.0.1"};
    std::uint16_t port{0};  ///< 0: any free one
};

/// Serves a project over HTTP. It listens from the end of start() until stop(), on threads of its
/// own: a fixed number, more than half of which no misbehaviour can take.
///
/// Kept connections are closed after five requests, which is cpp-httplib's default: what watches
/// real projects has to cope with that.
class Server {
public:
    /// `die` is called, on a thread of the server, when somebody orders mode die; the program
    /// passes what ends it.
    Server(Project& project, std::function<void()> die);
    ~Server();

    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;

    /// The port that was bound. Once. Errors: Errc::unavailable (taken, or no such address).
    [[nodiscard]] Result<std::uint16_t> start(ListenOn const& where);

    /// Takes no more connections, lets waiting requests go, ends. Blocks until the kept
    /// connections are gone, which takes up to five seconds where a client holds one. Idempotent.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace muster::demo
