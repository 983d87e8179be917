#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <muster/base/result.hpp>
#include <muster/domain/record.hpp>
#include <muster/ports/journal.hpp>

namespace muster {

/// What a consumer of the feed asks for.
struct FeedQuery {
    Position after;            ///< The last record that it has.
    std::uint64_t through{0};  ///< The newest record that may be told.
    std::size_t limit{1'000};  ///< Records that are shown; others are read over.
};

/// Consecutive records of the journal, as far as the feed shows them.
struct FeedPage {
    /// `after` is not in this journal any more, or never was, or records behind it gave way at the
    /// journal's limit: nothing can be told that joins on to it.
    bool gap{false};
    Position next;         ///< The last record that was read; `after` where there was none.
    std::string records;   ///< A JSON array.
    std::size_t shown{0};  ///< Records in it.
};

/// Reads on behind a record that the consumer has. It must still be there, and be the same: a
/// journal that was lost, or that lost its end in a power failure, numbers anew in another epoch.
/// Blocks: lane only. Errors: unavailable.
[[nodiscard]] Result<FeedPage> read_feed(JournalReader& journal, FeedQuery const& query);

}  // namespace muster
