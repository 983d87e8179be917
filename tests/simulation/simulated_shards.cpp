#include "simulated_shards.hpp"

#include <algorithm>
#include <string>

namespace muster::simulation {
namespace {

SimulatedInbox::Delay busy_thread(Random random) {
    return [random]() mutable {
        return random.one_in(50) ? Micros(random.between(0, 250'000))
                                 : Micros(random.between(0, 500));
    };
}

}  // namespace

/// All of a host is on one shard.
class SimulatedShards::OfOneShard final : public Prober {
public:
    OfOneShard(Prober& prober, std::size_t number, std::map<std::string, std::size_t>& hosts,
               std::vector<std::string>& complaints)
        : prober_(prober), number_(number), hosts_(hosts), complaints_(complaints) {}

    [[nodiscard]] Result<std::unique_ptr<Probe>> prepare(ProbeSpec const& spec,
                                                         bool reuse) override {
        auto const [known, is_new] = hosts_.emplace(host_of(spec), number_);
        if (is_remote(spec) && known->second != number_) {
            complaints_.push_back("all of a host is on one shard, but of " + known->first +
                                  " some is on another");
        }
        return prober_.prepare(spec, reuse);
    }

private:
    Prober& prober_;
    std::size_t const number_;
    std::map<std::string, std::size_t>& hosts_;
    std::vector<std::string>& complaints_;
};

struct SimulatedShards::Shard {
    Shard(std::size_t number, SimulatedShards& all, SimulatedLoop& loop, SimulatedProber& targets,
          Effects& effects, ProbeCounts& counts, std::vector<std::string>& complaints,
          Random random)
        : to_shard(loop, busy_thread(random.fork())),
          to_hub(loop, busy_thread(random.fork())),
          link(to_shard, to_hub),
          watched(targets, loop, effects, counts, "shard " + std::to_string(number) + ": "),
          its_own(watched, number, all.hosts_, complaints),
          shard(link, loop, loop, its_own) {}

    SimulatedInbox to_shard;
    SimulatedInbox to_hub;
    ShardLink link;
    WatchedProber watched;
    OfOneShard its_own;
    ProbingShard shard;
};

SimulatedShards::SimulatedShards(std::size_t count, SimulatedLoop& loop, SimulatedProber& targets,
                                 Effects& effects, ProbeCounts& counts,
                                 std::vector<std::string>& complaints, Random random) {
    std::vector<ShardLink*> links;
    for (std::size_t number = 1; number <= count; ++number) {
        shards_.push_back(std::make_unique<Shard>(number, *this, loop, targets, effects, counts,
                                                  complaints, random.fork()));
        links.push_back(&shards_.back()->link);
    }
    prober_ = std::make_unique<ShardedProber>(targets, links);
}

SimulatedShards::~SimulatedShards() = default;

std::uint64_t SimulatedShards::starts_told() const {
    std::uint64_t all = 0;
    for (auto const& shard : shards_) {
        all += shard->shard.figures().lateness.count();
    }
    return all;
}

std::size_t SimulatedShards::most_waiting() const {
    std::size_t most = 0;
    for (auto const& shard : shards_) {
        most = std::max({most, shard->link.orders.waiting(), shard->link.reports.waiting()});
    }
    return most;
}

}  // namespace muster::simulation
