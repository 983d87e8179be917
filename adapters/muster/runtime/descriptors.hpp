#pragma once

#include <algorithm>
#include <cstddef>

namespace muster {

/// Lets the process have as many descriptors as it may (RLIMIT_NOFILE of setrlimit(2): the soft
/// limit becomes the hard one): most systems start programs with 1,024. To be called in main(),
/// before threads.
void take_all_descriptors();

/// How many the process may have open: the soft limit.
[[nodiscard]] std::size_t descriptor_limit();

/// What the descriptors of a process are for, beside the probes under way.
struct DescriptorShares {
    std::size_t idle_connections{0};  ///< Kept for the next probes.
    std::size_t clients{0};           ///< Connections of clients; at most 10,000.
};

/// Half of `limit` for idle connections, so that 20,000 keep one to each of 10,000 authorities;
/// of the rest what `in_flight` probes, files and pipes leave for clients, at least a quarter.
[[nodiscard]] constexpr DescriptorShares shares_of(std::size_t limit, std::size_t in_flight) {
    constexpr std::size_t kMostClients = 10'000;
    constexpr std::size_t kOthers = 256;
    auto const half = limit / 2;
    auto const taken = in_flight + kOthers;
    auto const left = half > taken ? half - taken : 0;
    return {half, std::min(kMostClients, std::max(left, limit / 4))};
}

}  // namespace muster
