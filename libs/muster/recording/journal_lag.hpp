#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <muster/base/time.hpp>

namespace muster {

/// Knows when records were written, so that whoever follows the journal can be told how long the
/// oldest record that it has not taken has waited. A bounded value: the longer the wait, the
/// coarser it gets, and what it says is never too little, at most an eighth or 50 ms too much.
/// Records from before the first wrote() count from there.
class JournalLag {
public:
    /// The journal now holds records up to `seq`; they are those behind the call before.
    void wrote(std::uint64_t seq, SteadyTime at);

    /// How long the oldest record behind `position` has waited; 0 where there is none.
    [[nodiscard]] Micros behind(std::uint64_t position, SteadyTime now) const;

    /// Everybody has taken the records up to `seq`.
    void passed(std::uint64_t seq);

    /// How much it holds; at most 512.
    [[nodiscard]] std::size_t marks() const noexcept { return marks_.size(); }

private:
    struct Mark {
        std::uint64_t last_seq;
        SteadyTime first_at;  ///< When the first record of the mark was written.
    };

    void thin_out();

    std::vector<Mark> marks_;  ///< Rising, one behind the other.
};

}  // namespace muster
