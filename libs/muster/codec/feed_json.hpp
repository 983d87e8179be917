#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <muster/domain/fleet_delta.hpp>
#include <muster/domain/maintenance.hpp>
#include <muster/domain/record.hpp>
#include <muster/domain/service.hpp>

namespace muster {

/// `EPOCH:SEQ`, as the feed names a place in the journal.
[[nodiscard]] std::string position_text(Position position);
/// Nothing for what is no such place; `seq` is at least 1.
[[nodiscard]] std::optional<Position> parse_position(std::string_view text);

/// Appends a record as GET /api/feed shows it (docs/api.md, "The feed"); false, and nothing is
/// appended, for kinds that are none of its: figures, problems and reloads of the hub.
[[nodiscard]] bool append_feed_record(std::string& out, Record const& record);

/// The registry and how its services are, as of a position.
struct FeedSnapshot {
    struct Member {
        std::shared_ptr<Service const> service;
        std::optional<ServiceView> view;  ///< Nothing: not known yet.
    };

    std::vector<std::shared_ptr<Project const>> projects;
    std::vector<Member> services;
    std::vector<Maintenance> windows;
};

/// `{"projects":[…],"services":[…],"maintenance":[…]}`
void append_feed_snapshot(std::string& out, FeedSnapshot const& snapshot);

}  // namespace muster
