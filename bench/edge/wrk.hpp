#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace muster::bench {

/// What wrk saw: kept connections, each of which asks again as soon as it is answered.
struct ClosedLoop {
    double answers{0};      ///< With 2xx.
    double refused{0};      ///< Others.
    double rate{0};         ///< Answers with 2xx a second.
    double most_millis{0};  ///< 99 of 100 took at most so long.
};

/// Runs wrk with one thread. Throws std::runtime_error where connections broke.
[[nodiscard]] ClosedLoop run_wrk(std::uint16_t port, std::string const& path,
                                 std::size_t connections, double seconds);

}  // namespace muster::bench
