#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <muster/testing/child_process.hpp>
#include <muster/testing/target_server.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster::testing {

/// A PostgreSQL server of a test's own, in a folder of its own, on a free port; it may go and come
/// back with what it held. Everybody who reaches it is let in.
class PostgresServer {
public:
    /// Settings of a server that may forget everything when the machine fails: fast.
    static std::vector<std::string> forgetful() {
        return {"shared_buffers=64MB", "fsync=off", "restart_after_crash=off"};
    }
    explicit PostgresServer(std::vector<std::string> settings = forgetful());
    ~PostgresServer();
    PostgresServer(PostgresServer const&) = delete;
    PostgresServer& operator=(PostgresServer const&) = delete;

    /// Waits until it takes connections.
    void start();
    void stop() { end(2); }   ///< In good order: SIGINT, "fast".
    void crash() { end(3); }  ///< Without one: SIGQUIT, "immediate"; it recovers when it starts.

    void pause() { signal_all(19); }   ///< SIGSTOP: connections stay, and nobody answers.
    void resume() { signal_all(18); }  ///< SIGCONT

    /// Of the server, which goes on.
    [[nodiscard]] Place const& place() const noexcept { return place_; }
    /// Where connections to a database of it lead; by way of another place where one is given.
    [[nodiscard]] std::string url(std::string const& database = "postgres") const {
        return url_by(place_, database);
    }
    [[nodiscard]] static std::string url_by(Place const& place, std::string const& database);

    /// A new database of an own name.
    [[nodiscard]] std::string make_database();

    /// What psql prints for a statement, without the last line break: columns by `|`.
    [[nodiscard]] std::string ask(std::string const& database, std::string const& sql) const;

private:
    void end(int signal);
    void signal_all(int number) const;

    std::vector<std::string> const settings_;
    TemporaryFolder folder_;
    Place place_;
    std::unique_ptr<ChildProcess> process_;
    int databases_{0};
};

}  // namespace muster::testing
