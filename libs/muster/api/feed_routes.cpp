#include <muster/api/feed_routes.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include <muster/api/answers.hpp>
#include <muster/api/feed_reader.hpp>
#include <muster/api/feed_snapshots.hpp>
#include <muster/api/query_reader.hpp>
#include <muster/codec/feed_json.hpp>
#include <muster/codec/json_text.hpp>

namespace muster {
namespace {

constexpr std::int64_t kMaxLimit = 1'000;

struct Told {
    bool more{false};
    Position next;
    std::string records{"[]"};
};

/// `{"hubId":…,"gap":…,"snapshot":` and what stands behind the snapshot: it is shared by many
/// answers and never copied.
std::string feed_head(std::string const& hub_id, bool gap) {
    std::string json;
    JsonObject object(json);
    object.text("hubId", hub_id);
    object.boolean("gap", gap);
    object.key("snapshot");
    return json;
}
std::string feed_tail(Told const& told) {
    return R"(,"records":)" + told.records + R"(,"next":")" + position_text(told.next) +
           R"(","more":)" + (told.more ? "true}" : "false}");
}

Response refuse_full(WallTime now) {
    return refuse({Errc::full, "too many consumers ask for the feed at once, try again"}, now);
}

void answer_snapshot(FeedViews const& views, FeedSnapshots& snapshots,
                     std::optional<Position> gap_behind, Reply reply) {
    auto head = feed_head(views.hub_id, gap_behind.has_value());
    snapshots.ask(gap_behind, [&clock = views.clock, head = std::move(head),
                               reply = std::move(reply)](Result<FeedSnapshots::Made> made) mutable {
        auto const now = clock.now().wall;
        if (!made) {
            reply(refuse_full(now));
            return;
        }
        Told told;
        told.next = made->position;
        auto response = answer(std::move(made->json), now);
        response.body.head += head;
        response.body.tail.insert(0, feed_tail(told));
        reply(std::move(response));
    });
}

void answer_records(FeedViews const& views, std::shared_ptr<FeedSnapshots> snapshots,
                    FeedQuery const& query, Reply reply) {
    auto const shared = std::make_shared<Reply>(std::move(reply));
    auto job = [query, &journal = views.journal] { return read_feed(journal, query); };
    auto done = [views, snapshots = std::move(snapshots), query, shared](Result<FeedPage> page) {
        auto const now = views.clock.now().wall;
        if (!page) {
            (*shared)(refuse(page.error(), now));
        } else if (page->gap) {
            answer_snapshot(views, *snapshots, query.after, std::move(*shared));
        } else {
            Told told;
            // Where nothing came there is nothing to ask for at once.
            told.more = page->next != query.after && page->next.seq < query.through;
            told.next = page->next;
            told.records = std::move(page->records);
            (*shared)(answer(feed_head(views.hub_id, false) + "null" + feed_tail(told), now));
        }
    };
    if (!submit_to(views.lane, std::move(job), std::move(done))) {
        (*shared)(refuse_full(views.clock.now().wall));
    }
}

/// Reads the request and answers it.
void answer_feed(Request const& request, FeedViews const& views,
                 std::shared_ptr<FeedSnapshots> const& snapshots, Reply reply) {
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
        answer_snapshot(views, *snapshots, std::nullopt, std::move(reply));
        return;
    }
    FeedQuery query;
    query.after = *position;
    query.through = views.model.position().seq;
    query.limit = static_cast<std::size_t>(limit);
    answer_records(views, snapshots, query, std::move(reply));
}

}  // namespace

void add_feed_route(Router& router, FeedViews const& views) {
    auto snapshots = std::make_shared<FeedSnapshots>(views.model, views.lane, views.clock);
    router.add_later(
        Method::get, "/api/feed",
        [views, snapshots = std::move(snapshots)](Request const& request, Reply reply) {
            answer_feed(request, views, snapshots, std::move(reply));
        });
}

}  // namespace muster
