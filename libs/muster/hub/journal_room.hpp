#pragma once

#include <cstdint>

#include <muster/ports/clock.hpp>
#include <muster/ports/journal.hpp>
#include <muster/ports/lane.hpp>
#include <muster/ports/log.hpp>

namespace muster {

/// Sees to it that a journal near its byte limit shrinks in time, one job after the other, and that
/// the log hears of it: at once when records begin to give way, and while more do once a minute.
/// Loop thread only.
class JournalRoom {
public:
    /// All must outlive it and every job that it has put on the lane.
    JournalRoom(Journal& journal, Lane& lane, Clock const& clock, Log& log)
        : journal_(journal), lane_(lane), clock_(clock), log_(log) {}

    /// Call it every now and then, as long as the journal is written.
    void look();

private:
    void tell();
    void finished(Result<void> result);

    Journal& journal_;
    Lane& lane_;
    Clock const& clock_;
    Log& log_;
    std::uint64_t told_{0};  // records given up, as far as the log knows
    SteadyTime tell_again_at_{};
    SteadyTime complain_again_at_{};
    SteadyTime not_before_{};
    bool working_{false};
};

}  // namespace muster
