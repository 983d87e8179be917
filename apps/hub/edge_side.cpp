#include <hub/edge_side.hpp>

#include <utility>

#include <dashboard/assets.hpp>
#include <muster/api/assets.hpp>
#include <muster/edge/edge_options.hpp>

namespace muster {
namespace {

EdgeOptions edge_options(EdgeSide::Options const& options) {
    EdgeOptions result;
    result.listen = options.listen;
    return result;
}

void add_dashboard(Router& router) {
    std::vector<Asset> assets;
    for (auto const& asset : dashboard::dashboard_assets()) {
        assets.push_back({asset.path, asset.content_type, asset.body, asset.etag});
    }
    add_assets(router, assets);
}

}  // namespace

EdgeSide::EdgeSide(Loop& loop, Clock const& clock, Log& log,
                   std::vector<std::unique_ptr<HistoryReader>> readers, Options options)
    : readers_(std::move(readers)),
      lanes_(make_lanes(loop, readers_.size())),
      history_(read_lanes()),
      feed_(model_, loop, clock),
      router_(clock, Origins(options.cors_origins)),
      server_(loop, clock, log, router_, edge_options(options)) {
    add_read_routes(router_, ReadViews{model_, history_, clock, clock.now().steady});
    router_.add_feed("/ws", feed_);
    router_.add_feed("/ws/status", feed_);
    add_dashboard(router_);
}

std::vector<std::unique_ptr<ThreadLane>> EdgeSide::make_lanes(Loop& loop, std::size_t count) {
    std::vector<std::unique_ptr<ThreadLane>> lanes;
    for (std::size_t number = 1; number <= count; ++number) {
        lanes.push_back(std::make_unique<ThreadLane>(
            loop, ThreadLane::Options{"read-" + std::to_string(number), 32}));
    }
    return lanes;
}

std::vector<HistoryQueries::ReadLane> EdgeSide::read_lanes() {
    std::vector<HistoryQueries::ReadLane> lanes;
    for (std::size_t index = 0; index < readers_.size(); ++index) {
        lanes.push_back({*lanes_[index], *readers_[index]});
    }
    return lanes;
}

}  // namespace muster
