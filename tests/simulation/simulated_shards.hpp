#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <muster/memory/simulated_inbox.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <muster/memory/simulated_prober.hpp>
#include <muster/sharding/probing_shard.hpp>
#include <muster/sharding/sharded_prober.hpp>

#include "random.hpp"
#include "watched_ports.hpp"

namespace muster::simulation {

/// The shards of a hub, whose threads run when the seed says: each way a message waits for a moment
/// of its own, now and then for a quarter of a second. What they do to the world is told.
class SimulatedShards {
public:
    /// `counts`: of what runs on all of them. All but the random numbers must outlive them.
    SimulatedShards(std::size_t count, SimulatedLoop& loop, SimulatedProber& targets,
                    Effects& effects, ProbeCounts& counts, std::vector<std::string>& complaints,
                    Random random);
    ~SimulatedShards();
    SimulatedShards(SimulatedShards const&) = delete;
    SimulatedShards& operator=(SimulatedShards const&) = delete;

    [[nodiscard]] Prober& prober() noexcept { return *prober_; }

    /// Runs that were started, as the shards' own figures have them.
    [[nodiscard]] std::uint64_t starts_told() const;

    /// Messages that wait at the fullest link, either way.
    [[nodiscard]] std::size_t most_waiting() const;

private:
    class OfOneShard;
    struct Shard;

    std::map<std::string, std::size_t> hosts_;  ///< The shard on which each is.
    std::vector<std::unique_ptr<Shard>> shards_;
    std::unique_ptr<ShardedProber> prober_;
};

}  // namespace muster::simulation
