#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <muster/ports/prober.hpp>
#include <muster/sharding/shard_link.hpp>

namespace muster {

/// A prober whose probes run on shards, each on a loop and a thread of its own: the hub's side.
/// Which shard, says shard_of(). The observer is told on the hub's loop; a run that was cancelled,
/// and a probe that was destroyed, are not heard of any more, though the shard may take a moment to
/// end them. Hub's loop only.
class ShardedProber final : public Prober {
public:
    /// At least one link, each with a ProbingShard at its other end, now or soon. `trial` says
    /// whether a spec can be prepared: a prober of the kind that the shards have, on this loop.
    /// All must outlive it.
    ShardedProber(Prober& trial, std::vector<ShardLink*> const& links);
    ~ShardedProber() override;  ///< No probe may be left.
    ShardedProber(ShardedProber const&) = delete;
    ShardedProber& operator=(ShardedProber const&) = delete;

    /// Errors: as `trial` has them.
    [[nodiscard]] Result<std::unique_ptr<Probe>> prepare(ProbeSpec const& spec,
                                                         bool reuse) override;

private:
    class ShardedProbe;

    struct Shard {
        ShardLink& link;
        std::vector<ShardedProbe*> probes;  ///< By place; null: nobody's.
        std::vector<std::uint32_t> free_places{};
        std::uint64_t runs{0};
    };

    void keep_for_others(ProbeSpec const& spec, std::unique_ptr<Probe> trial);
    static void hear(Shard& shard, std::vector<ProbeReport>& reports);

    Prober& trial_;
    /// By their file of authorities, which is read once for many that are prepared in a row.
    std::map<std::string, std::unique_ptr<Probe>> trials_;
    std::vector<std::unique_ptr<Shard>> shards_;  // they stay where they are: probes know theirs
};

}  // namespace muster
