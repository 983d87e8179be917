#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <muster/testing/postgres_server.hpp>
#include <muster/testing/redis_server.hpp>
#include <muster/testing/temporary_folder.hpp>

#include <e2e/program/hub_process.hpp>
#include <e2e/program/stored_history.hpp>

namespace muster::e2e {

/// A PostgreSQL, a Redis and two projects, one of which is not there, for a hub that may be killed
/// and started again.
class Surroundings {
public:
    /// The hub tells within two seconds (held in simulated time); a machine that compiles and tests
    /// beside this one takes its own time to come to it. What is told after 20 s, when the kernel
    /// gives up, is too late.
    static constexpr std::chrono::seconds kToldWithin{6};

    Surroundings();

    void start_hub();
    void kill_hub();
    /// In good order, once everything has been fed: the exit code.
    [[nodiscard]] int end_hub();
    [[nodiscard]] HubProcess& hub() { return *hub_; }

    /// Whether /api/system/health says that of a part, soon.
    [[nodiscard]] bool told(std::string const& part, std::string const& state);
    /// Whether /ready answers so, soon.
    [[nodiscard]] bool ready(bool ready);
    /// Whether checks are made, live views go on, and the hub calls itself so.
    [[nodiscard]] bool watches_on();

    /// What the view that the contract names holds.
    [[nodiscard]] StoredHistory history_in_postgres() const;
    [[nodiscard]] StoredHistory history_in_journal() const;

    /// The stream, as a reader finds it.
    struct Stream {
        std::uint64_t first{0};
        std::uint64_t last{0};
        std::size_t results{0};
        std::string trouble;  ///< Empty: no hole, nothing twice.
    };
    [[nodiscard]] Stream stream() const;

    /// How often `system_health` tells of the database as that.
    [[nodiscard]] int rows_that_say(std::string const& condition) const;

    testing::TemporaryFolder folder;
    testing::PostgresServer postgres{
        {"shared_buffers=64MB", "fsync=off", "restart_after_crash=on"}};
    std::string const database = postgres.make_database();
    testing::RedisServer redis{testing::RedisServer::Options{true, {}}};
    DemoProcess alive{"chatbot"};

private:
    [[nodiscard]] double figure(std::string const& series) const;
    template <class Is>
    [[nodiscard]] bool soon(std::chrono::seconds patience, Is is_so);

    std::unique_ptr<HubProcess> hub_;
};

}  // namespace muster::e2e
