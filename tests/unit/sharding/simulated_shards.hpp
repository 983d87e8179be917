#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <muster/memory/simulated_inbox.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <muster/memory/simulated_prober.hpp>
#include <muster/sharding/placement.hpp>
#include <muster/sharding/probing_shard.hpp>
#include <muster/sharding/sharded_prober.hpp>

namespace muster::testing {

/// Shards in simulated time, over targets that do what a test says. A message takes 1 ms either way
/// unless the test says otherwise.
class SimulatedShards {
public:
    explicit SimulatedShards(std::size_t count) {
        for (std::size_t number = 0; number < count; ++number) {
            shards_.push_back(std::make_unique<Shard>(*this));
        }
        std::vector<ShardLink*> links;
        for (auto const& shard : shards_) {
            links.push_back(&shard->link);
        }
        prober = std::make_unique<ShardedProber>(trial, links);
    }

    ~SimulatedShards() { prober.reset(); }  // before the links that it uses
    SimulatedShards(SimulatedShards const&) = delete;
    SimulatedShards& operator=(SimulatedShards const&) = delete;

    [[nodiscard]] ProbingShard& shard(std::size_t number) { return shards_[number]->shard; }
    [[nodiscard]] ShardLink& link(std::size_t number) { return shards_[number]->link; }
    [[nodiscard]] std::size_t size() const { return shards_.size(); }
    /// Runs under way at the targets.
    [[nodiscard]] std::size_t in_flight(std::size_t number) const {
        return shards_[number]->targets.figures().in_flight;
    }
    [[nodiscard]] std::size_t started(std::size_t number) const {
        return shards_[number]->targets.figures().started;
    }

    SimulatedLoop loop;
    SteadyTime::duration to_shard{1ms};
    SteadyTime::duration to_hub{1ms};
    std::map<std::string, SimulatedAnswer> behaviour;
    std::string refuses;  ///< The shards cannot prepare this target.
    SimulatedProber trial{loop, [](std::string const&, ProbeRun const&) -> SimulatedAnswer {
                              ADD_FAILURE() << "the trial is not run";
                              return passing_answer();
                          }};
    std::unique_ptr<ShardedProber> prober;

private:
    /// What a shard's own prober does, which may not be what the trial did.
    class Refusing final : public Prober {
    public:
        Refusing(Prober& prober, std::string const& refuses) : prober_(prober), refuses_(refuses) {}

        [[nodiscard]] Result<std::unique_ptr<Probe>> prepare(ProbeSpec const& spec,
                                                             bool reuse) override {
            if (target_of(spec) == refuses_) {
                return failure(Errc::invalid, "its file is gone");
            }
            return prober_.prepare(spec, reuse);
        }

    private:
        Prober& prober_;
        std::string const& refuses_;
    };

    struct Shard {
        explicit Shard(SimulatedShards& all)
            : to_shard(all.loop, [&all] { return all.to_shard; }),
              to_hub(all.loop, [&all] { return all.to_hub; }),
              link(to_shard, to_hub),
              targets(all.loop,
                      [&all](std::string const& target, ProbeRun const&) {
                          auto const found = all.behaviour.find(target);
                          return found == all.behaviour.end() ? passing_answer() : found->second;
                      }),
              refusing(targets, all.refuses),
              shard(link, all.loop, all.loop, refusing) {}

        SimulatedInbox to_shard;
        SimulatedInbox to_hub;
        ShardLink link;
        SimulatedProber targets;
        Refusing refusing;
        ProbingShard shard;
    };

    std::vector<std::unique_ptr<Shard>> shards_;
};

/// A target on a given shard.
inline TcpProbeSpec target_on(std::size_t shard, std::size_t shards, int number = 1) {
    for (int host = 0;; ++host) {
        TcpProbeSpec const spec{
            {"10.0." + std::to_string(number) + "." + std::to_string(host), 80}};
        if (shard_of(spec, shards) == shard) {
            return spec;
        }
    }
}

}  // namespace muster::testing
