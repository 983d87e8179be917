#pragma once

#include <cstdint>
#include <utility>

#include <muster/ports/store.hpp>
#include <muster/testing/record_story.hpp>

namespace muster::testing {

inline constexpr std::int64_t kServices = 50;

/// The batch of `size` checks that follows a cursor in an endless journal: which service and when
/// depends on the number of the record only.
inline StoreBatch checks_after(Cursor const& cursor, std::uint64_t size) {
    StoreBatch batch{"hub-main", cursor, {"endless", cursor.seq + size}, {}};
    batch.records.reserve(size);
    for (auto seq = cursor.seq + 1; seq <= batch.next.seq; ++seq) {
        ServiceId const service{static_cast<std::int64_t>(seq) % kServices + 1};
        auto const at = kStart + Millis(100 * seq);
        auto result = seq % 97 == 0 ? failed_check(service, at, "connection refused")
                                    : passed_check(service, at);
        batch.records.push_back({{1, seq}, std::move(result)});
    }
    return batch;
}

}  // namespace muster::testing
