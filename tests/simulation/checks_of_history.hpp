#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <muster/domain/availability.hpp>
#include <muster/domain/record.hpp>
#include <muster/memory/memory_store.hpp>

namespace muster::simulation {

/// What the records do not tell of the world in which they were made.
struct Surroundings {
    WallTime start{};  ///< When steady time was 0 and nobody had set the clock.
    /// Whether a window covers a service at a time; nothing: maybe. Edges are given a second.
    std::function<std::optional<bool>(ServiceSpec const&, WallTime)> maintained;
    /// By how much the wall clock may have been set off when the record was made; empty: by 0.
    std::function<std::vector<Millis>(Position)> clock_set_by{};
    std::function<bool()> clock_was_set_back{};
    /// The hub stood still, or its clock was set, while the probe was under way.
    std::function<bool(Position, CheckResult const&)> held_up{};
    /// Somebody asked for that check, or the hub could not keep the time.
    std::function<bool(Position, CheckResult const&)> out_of_rhythm{};
};

/// Holds what ends up in the store, record by record, against the promises of the hub, from the
/// records alone and in the plainest way:
///
/// - every record of the journal is there, once, in order;
/// - every status is what the outcomes say (a naive judge reads them from the first);
/// - every change has its transition, with its reason, and no transition is without a change;
/// - every regular check started in its service's phase, unless somebody depends on it;
/// - who needs what is down is unreachable, with a root cause that is down, and nobody else is;
/// - who changes too often flaps, and nobody else does;
/// - whom a window covers, and nobody else, is in maintenance;
/// - an outcome that is our own fault, or came while we stood still, changed nothing;
/// - no result is taken of a service that was removed;
/// - uptime and coverage add up: of each result's figure, of the hub's memory, of minutes and
/// hours.
class HistoryCheck {
public:
    explicit HistoryCheck(Surroundings surroundings);
    ~HistoryCheck();
    HistoryCheck(HistoryCheck const&) = delete;
    HistoryCheck& operator=(HistoryCheck const&) = delete;

    void take(Record const& record);

    /// Nothing more comes: what the journal holds was stored.
    void end(std::uint64_t last_seq);

    /// Once all is rolled up.
    void compare(MemoryHistory const& history);
    /// What the hub remembered when the last record was made.
    void compare(ServiceId id, Availability const& availability);

    /// What does not hold, at most a few dozen lines; empty: all is well.
    [[nodiscard]] std::vector<std::string> const& complaints() const noexcept;

private:
    class Reference;
    std::unique_ptr<Reference> reference_;
};

/// All at once, of a world whose clock nobody sets.
[[nodiscard]] std::vector<std::string> check_history(
    std::span<Record const> stored, std::uint64_t last_seq, WallTime start,
    std::function<bool(ServiceSpec const&, WallTime)> const& maintained);

}  // namespace muster::simulation
