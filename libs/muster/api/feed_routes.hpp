#pragma once

#include <string>

#include <muster/api/message.hpp>
#include <muster/api/read_model.hpp>
#include <muster/api/router.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/journal.hpp>
#include <muster/ports/lane.hpp>

namespace muster {

/// What the feed for other programs is told from. All of it outlives the router; the journal's
/// reader belongs to the lane's jobs, the rest to the edge's loop.
struct FeedViews {
    ReadModel& model;
    Lane& lane;
    JournalReader& journal;
    Clock const& clock;
    std::string hub_id;
};

/// GET /api/feed?after=EPOCH:SEQ&limit=1000: results, transitions and registry records behind that
/// one, in order and without a hole; a snapshot of the registry where it is not given, or where the
/// records behind it are gone.
void add_feed_route(Router& router, FeedViews const& views);

}  // namespace muster
