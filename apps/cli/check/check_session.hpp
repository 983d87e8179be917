#pragma once

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <optional>
#include <vector>

#include <cli/check/check_round.hpp>
#include <muster/base/time.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/domain/service.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/prober.hpp>
#include <muster/ports/timers.hpp>

namespace muster {

struct CheckOptions {
    bool continuous{false};
    Millis interval{
        30'000};  ///< From start to start; a round that takes longer is followed at once.
    bool json{false};
    bool colour{false};
    std::size_t in_flight{256};
};

/// `muster check`: probes all services once and prints a table or a JSON array; with `continuous`
/// again and again, each table under the time of its round, each array in a line. Loop thread only.
class CheckSession final {
public:
    /// `finished` runs once with the exit code, on the loop, never inside start(), and must not
    /// destroy the session. 0: all up; 1: some degraded; 2: some down or not checked; of a
    /// continuous run that was interrupted 0. There is at least one service; what is referred to
    /// outlives the session.
    using Finished = UniqueFunction<void(int)>;

    CheckSession(CheckOptions const& options, std::vector<ServiceSpec> services, Prober& prober,
                 Clock const& clock, Timers& timers, std::ostream& out, Finished finished);
    ~CheckSession();
    CheckSession(CheckSession const&) = delete;
    CheckSession& operator=(CheckSession const&) = delete;

    void start();

    /// Ends what is under way; a single round prints what it found so far.
    void interrupt();

private:
    void start_round();
    void round_done();
    void print() const;

    CheckOptions const options_;
    std::vector<ServiceSpec> const services_;
    Prober& prober_;
    Clock const& clock_;
    std::ostream& out_;
    Finished finished_;
    Instant round_started_{};
    std::unique_ptr<Timer> next_round_;
    std::unique_ptr<Timer> ended_;  ///< Takes the end of a round out of the call of its last probe.
    std::optional<CheckRound> round_;
};

/// The exit code that the results ask for.
[[nodiscard]] int exit_code_of(std::vector<CheckedService> const& results) noexcept;

}  // namespace muster
