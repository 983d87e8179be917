#pragma once

#include <string>
#include <vector>

#include <muster/testing/target_server.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster::testing {

/// A Redis of the test's own that can be ended and started again at the same place, with what it
/// had written down or without, and be stopped in its tracks.
class RedisServer {
public:
    struct Options {
        bool keeps_data{false};                ///< Every write is on disk before it is answered.
        std::vector<std::string> arguments{};  ///< Further ones, such as `--requirepass x`.
    };

    RedisServer() : RedisServer(Options{}) {}
    explicit RedisServer(Options options);

    /// Starts it again, after stop() or kill(). Waits until it accepts.
    void start();
    void stop() { server_->stop(); }
    void kill();
    /// What it had written down is gone.
    void forget();

    void pause() { server_->process().signal(19); }   // SIGSTOP
    void resume() { server_->process().signal(18); }  // SIGCONT

    [[nodiscard]] Place const& place() const noexcept { return place_; }
    [[nodiscard]] std::string url() const;
    [[nodiscard]] std::string socket_path() const { return (folder_.path() / "socket").string(); }

private:
    Options const options_;
    TemporaryFolder const folder_;
    Place const place_;
    TargetServerPtr server_;
};

}  // namespace muster::testing
