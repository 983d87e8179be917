#include <muster/api/feed_routes.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include <muster/api/answers.hpp>
#include <muster/api/feed_reader.hpp>
#include <muster/api/query_reader.hpp>
#include <muster/codec/feed_json.hpp>
#include <muster/codec/json_text.hpp>

namespace muster {
namespace {

constexpr std::int64_t kMaxLimit = 1'000;

/// What is told of the registry, and as of where.
struct Snapshot {
    Position position;
    FeedSnapshot members;
};

Snapshot snapshot_of(ReadModel const& model) {
    Snapshot snapshot{model.position(), {}};
    for (auto const* entry : model.projects()) {
        if (auto project = model.shared_project(entry->view.id)) {
            snapshot.members.projects.push_back(std::move(project));
        }
    }
    for (auto const& [id, service] : model.registered_services()) {
        auto const* const view = model.service(id);
        snapshot.members.services.push_back(
            {service, view != nullptr ? std::optional(*view) : std::nullopt});
    }
    snapshot.members.windows = model.windows();
    return snapshot;
}

struct Told {
    bool gap{false};
    bool more{false};
    Position next;
    std::string snapshot;  ///< JSON; empty: none.
    std::string records{"[]"};
};

std::string feed_json(std::string const& hub_id, Told const& told) {
    std::string json;
    JsonObject object(json);
    object.text("hubId", hub_id);
    object.boolean("gap", told.gap);
    if (told.snapshot.empty()) {
        object.null("snapshot");
    } else {
        object.raw("snapshot", told.snapshot);
    }
    object.raw("records", told.records);
    object.text("next", position_text(told.next));
    object.boolean("more", told.more);
    object.close();
    return json;
}

/// On the lane: the fleet may be large.
Result<std::string> write_snapshot(std::string const& hub_id, Snapshot const& snapshot, bool gap) {
    Told told;
    told.gap = gap;
    told.next = snapshot.position;
    append_feed_snapshot(told.snapshot, snapshot.members);
    return feed_json(hub_id, told);
}

Response refuse_full(WallTime now) {
    return refuse({Errc::full, "too many consumers ask for the feed at once, try again"}, now);
}

/// Runs `job` on the lane and answers with the JSON that it gives.
template <class Job>
void answer_from(FeedViews const& views, Reply reply, Job job) {
    auto const shared = std::make_shared<Reply>(std::move(reply));
    bool const taken =
        submit_to(views.lane, std::move(job), [shared, &clock = views.clock](auto json) {
            auto const now = clock.now().wall;
            (*shared)(json ? answer(*std::move(json), now) : refuse(json.error(), now));
        });
    if (!taken) {
        (*shared)(refuse_full(views.clock.now().wall));
    }
}

void answer_snapshot(FeedViews const& views, bool gap, Reply reply) {
    answer_from(views, std::move(reply),
                [hub_id = views.hub_id, snapshot = snapshot_of(views.model), gap] {
                    return write_snapshot(hub_id, snapshot, gap);
                });
}

void answer_records(FeedViews const& views, FeedQuery const& query, Reply reply) {
    auto const shared = std::make_shared<Reply>(std::move(reply));
    auto job = [query, &journal = views.journal] { return read_feed(journal, query); };
    auto done = [views, query, shared](Result<FeedPage> page) {
        auto const now = views.clock.now().wall;
        if (!page) {
            (*shared)(refuse(page.error(), now));
        } else if (page->gap) {
            answer_snapshot(views, true, std::move(*shared));
        } else {
            Told told;
            // Where nothing came there is nothing to ask for at once.
            told.more = page->next != query.after && page->next.seq < query.through;
            told.next = page->next;
            told.records = std::move(page->records);
            (*shared)(answer(feed_json(views.hub_id, told), now));
        }
    };
    if (!submit_to(views.lane, std::move(job), std::move(done))) {
        (*shared)(refuse_full(views.clock.now().wall));
    }
}

}  // namespace

void get_feed(Request const& request, FeedViews const& views, Reply reply) {
    auto const now = views.clock.now().wall;
    QueryReader reader(request.target);
    auto const after = reader.text("after");
    auto const limit = reader.number("limit", kMaxLimit, 1, kMaxLimit);
    if (reader.problem()) {
        reply(refuse(400, *reader.problem(), now));
        return;
    }
    auto const position = after ? parse_position(*after) : std::nullopt;
    if (after && !position) {
        reply(refuse(
            400,
            "after must be EPOCH:SEQ, the `next` of an earlier answer, with SEQ from 1, not " +
                in_quotes(*after) + ": leave it out to begin with a snapshot",
            now));
        return;
    }
    if (views.model.position().seq == 0) {
        reply(refuse({Errc::unavailable, "Starting"}, now));
        return;
    }
    if (!position) {
        answer_snapshot(views, false, std::move(reply));
        return;
    }
    FeedQuery query;
    query.after = *position;
    query.through = views.model.position().seq;
    query.limit = static_cast<std::size_t>(limit);
    answer_records(views, query, std::move(reply));
}

void add_feed_route(Router& router, FeedViews const& views) {
    router.add_later(Method::get, "/api/feed", [views](Request const& request, Reply reply) {
        get_feed(request, views, std::move(reply));
    });
}

}  // namespace muster
