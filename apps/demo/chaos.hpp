#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>

#include <muster/base/enum_names.hpp>
#include <muster/base/time.hpp>

namespace muster::demo {

/// A way to misbehave on demand.
enum class ChaosMode : std::uint8_t {
    none,
    slow,       ///< answers, but late
    fail,       ///< answers 500
    unhealthy,  ///< answers 200 and says that it is down
    hang,       ///< takes the request and never answers
    die,        ///< the process ends at once, with code 1
};

constexpr EnumNames<ChaosMode, 6> enum_names(ChaosMode) {
    return {{{ChaosMode::none, "none"},
             {ChaosMode::slow, "slow"},
             {ChaosMode::fail, "fail"},
             {ChaosMode::unhealthy, "unhealthy"},
             {ChaosMode::hang, "hang"},
             {ChaosMode::die, "die"}}};
}

struct Chaos {
    ChaosMode mode{ChaosMode::none};
    Millis delay{};               ///< of each answer, when slow
    std::optional<Millis> lasts;  ///< from now on; nothing: until told otherwise
};

/// Which chaos holds at a moment. A value; whoever shares it guards it.
class ChaosSwitch {
public:
    void set(Chaos const& order, SteadyTime now);

    /// `lasts` of the answer is what is left; a mode whose time is up is none.
    [[nodiscard]] Chaos at(SteadyTime now) const;

private:
    Chaos order_;
    std::optional<SteadyTime> until_;
};

/// Where requests wait that are answered late or never. At most `limit` threads wait here; when
/// one more comes, the one that waited longest is let go, for its client has most likely left.
/// So waiting requests never use up the server's threads. Any thread.
class HeldRequests {
public:
    enum class Ended : std::uint8_t {
        in_time,  ///< waited as long as asked, or the round is over
        crowded,  ///< let go for a newer one
        closing,  ///< the server stops
    };

    explicit HeldRequests(std::size_t limit) : limit_{limit} {}

    /// Counts the releases. Read it before looking at what decides to wait, then pass it to hold():
    /// so a release in between is not missed.
    [[nodiscard]] std::uint64_t round() const;

    /// Blocks the caller for a time, or for as long as it takes, until the round is over.
    [[nodiscard]] Ended hold(std::uint64_t round, std::optional<Millis> how_long);

    /// Ends the round: lets everybody go who waits now.
    void release();

    /// Lets everybody go, now and from now on.
    void close();

    [[nodiscard]] std::size_t waiting() const;

private:
    struct Waiter {
        std::optional<Ended> ended;
    };

    void let_everybody_go(Ended why);

    std::size_t const limit_;

    std::mutex mutable mutex_;
    std::condition_variable changed_;
    // Guarded by mutex_:
    std::list<Waiter*> waiting_;  // in order of arrival; each lives on the stack of its thread
    std::uint64_t round_{0};
    bool closed_{false};
};

}  // namespace muster::demo
