#include <muster/api/last_checks.hpp>

#include <algorithm>
#include <deque>
#include <iterator>
#include <utility>

namespace muster {
namespace {

/// No level of the history reaches further than it can be told to be kept.
constexpr Millis kFarthest = std::chrono::hours(24 * 800);
constexpr Millis kNearest = std::chrono::minutes(1);
constexpr int kWiden = 8;

}  // namespace

Result<std::vector<CheckRow>> read_last_checks(HistoryReader& reader, ProjectId project,
                                               ServiceId service, std::size_t limit,
                                               Millis interval, WallTime now) {
    auto reach = std::clamp(interval * static_cast<std::int64_t>(limit + 2), kNearest, kFarthest);
    std::deque<CheckRow> newest;
    while (true) {
        newest.clear();
        // A clock that was set back leaves checks that lie ahead: `until` has no bound.
        ChecksQuery query{project, service, now - reach};
        auto const read = reader.checks(query, [&](CheckRow const& row) {
            newest.push_back(row);
            if (newest.size() > limit) {
                newest.pop_front();
            }
            return true;
        });
        if (!read) {
            return tl::unexpected(read.error());
        }
        if (newest.size() >= limit || reach == kFarthest) {
            break;
        }
        reach = std::min(reach * kWiden, kFarthest);
    }
    return std::vector<CheckRow>(std::make_move_iterator(newest.rbegin()),
                                 std::make_move_iterator(newest.rend()));
}

}  // namespace muster
