#include <muster/sharding/placement.hpp>

#include <muster/base/hash.hpp>

namespace muster {

std::size_t shard_of(ProbeSpec const& spec, std::size_t shards) {
    auto const hash =
        is_remote(spec) ? stable_hash(host_of(spec)) : stable_hash(authority_of(spec));
    return static_cast<std::size_t>(hash % shards);
}

}  // namespace muster
