#pragma once

#include <cstddef>

#include <muster/domain/probe_spec.hpp>

namespace muster {

/// The shard, from 0, on which a service is probed: by the host of its target, so that all probes
/// of a host are on one shard and its connections, its names and its cap are where they are used;
/// on this machine, whose cap is none, by the authority. Stable: it depends on nothing else.
[[nodiscard]] std::size_t shard_of(ProbeSpec const& spec, std::size_t shards);

}  // namespace muster
