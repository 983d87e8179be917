#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <muster/api/router.hpp>
#include <muster/base/result.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/edge/edge_options.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/lane.hpp>
#include <muster/ports/log.hpp>
#include <muster/runtime/loop.hpp>

namespace muster {

struct EdgeCounters;

/// Serves REST and WebSockets on one port: HTTP/1.0 and 1.1 by the router's routes, WebSockets at
/// the paths of its feeds. Everything runs on the loop that it is given.
class EdgeServer {
public:
    /// All of them outlive the server and every reply that is still due. `encode_lane`: where
    /// answers are put into gzip for clients that want it; null: nowhere.
    EdgeServer(Loop& loop, Clock const& clock, Log& log, Router const& router, EdgeOptions options,
               Lane* encode_lane = nullptr);

    /// On the loop, or when its thread has ended; after stop() said so.
    ~EdgeServer();
    EdgeServer(EdgeServer const&) = delete;
    EdgeServer& operator=(EdgeServer const&) = delete;

    /// Binds every address and starts to accept. Once; any thread. Gives what was bound, in order,
    /// with the ports that were found for 0. Nothing listens after an error: conflict (`port 3001
    /// is in use`), invalid (no address of this machine, no permission).
    [[nodiscard]] Result<std::vector<HostPort>> listen();

    /// Accepts nothing more, lets answers under way end, closes WebSockets with 1001, and after
    /// `limit` ends what is left. Then `done` runs, on the loop. Any thread, once.
    void stop(Millis limit, UniqueFunction<void()> done);

    /// Loop thread only.
    [[nodiscard]] std::size_t connections() const noexcept;
    [[nodiscard]] EdgeCounters const& counters() const noexcept;

private:
    struct Impl;
    std::shared_ptr<Impl> const impl_;
};

}  // namespace muster
