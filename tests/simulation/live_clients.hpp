#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <muster/api/health_feed.hpp>
#include <muster/api/read_model.hpp>
#include <muster/ports/broadcaster.hpp>

#include "random.hpp"
#include "trace.hpp"

namespace muster::simulation {

/// The edge's read model and feed, which die with the hub, and clients of `/ws/health` that join,
/// drop, come again where they were, and get stuck, at any moment.
class LiveClients final : public Broadcaster {
public:
    struct Options {
        int clients{0};
        std::size_t held_frames{100};  ///< Few, so that some come again too late.
        std::size_t held_bytes{1U << 20U};
        std::size_t snapshot_bytes{1U << 20U};
    };

    LiveClients(SimulatedLoop& loop, Trace& trace, Random random, Options options);
    ~LiveClients() override;
    LiveClients(LiveClients const&) = delete;
    LiveClients& operator=(LiveClients const&) = delete;

    /// The process starts, or is gone with every connection.
    void begin_life();
    void end_life();

    void publish(FleetDelta delta) override;
    void publish(HubCondition condition) override;
    void publish(HubFigures /*figures*/) override {}

    /// One of them does something else than before.
    void act();
    /// All of them are there and take what comes.
    void calm();

    /// Whoever has taken all that there is sees what the read model holds; nothing grows too large.
    void compare();

    [[nodiscard]] std::vector<std::string> const& complaints() const noexcept {
        return complaints_;
    }

    struct Figures {
        std::uint64_t frames{0};
        std::uint64_t snapshots{0};
        std::uint64_t resumed{0};
        std::uint64_t too_late{0};
    };
    [[nodiscard]] Figures const& figures() const noexcept { return figures_; }

private:
    class Client;
    struct Edge;
    /// Name, status, overlays, tags: what no check alone changes.
    using Row = std::tuple<std::string, std::string, std::string, std::string>;
    using Rows = std::map<std::int64_t, Row>;

    [[nodiscard]] Rows model_rows() const;
    void complain(std::string complaint);

    SimulatedLoop& loop_;
    Trace& trace_;
    Random random_;
    Options const options_;
    std::unique_ptr<Edge> edge_;
    std::size_t largest_snapshot_{0};               ///< Bytes of its text.
    std::vector<std::unique_ptr<Client>> clients_;  // last: their sessions are the feed's
    Figures figures_;
    std::vector<std::string> complaints_;
};

}  // namespace muster::simulation
