#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>

#include <demo/chaos.hpp>
#include <demo/figures.hpp>
#include <demo/log.hpp>
#include <demo/personality.hpp>
#include <muster/base/time.hpp>

namespace muster::demo {

/// One sample project, without a socket: its figures, its log, and the chaos it is in. Any thread.
class Project {
public:
    using Now = std::function<Instant()>;

    Project(Personality const& who, std::uint64_t seed, Now now);

    [[nodiscard]] Personality const& who() const { return who_; }
    [[nodiscard]] Instant now() const { return now_(); }
    [[nodiscard]] Figures figures() const;

    /// Newest first; what was said since the last call is written first.
    [[nodiscard]] LogPage log(std::size_t limit, std::size_t offset);

    /// Replaces the chaos that holds, and says so in the log.
    void set_chaos(Chaos const& order);
    [[nodiscard]] Chaos chaos() const;

private:
    void catch_up(WallTime now);  // mutex_ held

    Personality const& who_;
    std::uint64_t const seed_;
    Now const now_;

    std::mutex mutable mutex_;
    ChaosSwitch chaos_;      // guarded by mutex_
    LogRing log_;            // guarded by mutex_
    WallTime logged_until_;  // guarded by mutex_
};

}  // namespace muster::demo
