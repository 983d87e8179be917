#include <muster/api/feed_reader.hpp>

#include <utility>

#include <muster/codec/feed_json.hpp>
#include <muster/recording/journal_record.hpp>
#include <muster/recording/shrinking.hpp>

namespace muster {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 20U;
/// Of one answer: a consumer that is far behind must not hold up the others.
constexpr std::size_t kMostBytes = std::size_t{16} << 20U;

FeedPage gap_behind(Position after) {
    FeedPage page;
    page.gap = true;
    page.next = after;
    page.records = "[]";
    return page;
}

/// Takes the frames of a chunk; false: the page is full, or ends with a gap.
bool take(FeedPage& page, JournalChunk const& chunk, FeedQuery const& query) {
    FrameScanner scanner(chunk.frames);
    while (scanner.next() == FrameScanner::Found::frame) {
        auto const& frame = scanner.frame();
        if (frame.position.seq <= query.after.seq) {
            continue;
        }
        if (page.shown == query.limit) {
            return false;
        }
        auto const record = decode_frame(frame);
        if (record && is_stand_in(*record)) {
            page.gap = true;  // results gave way there
            return false;
        }
        page.next = frame.position;
        // A kind that a newer Muster wrote is read over, as those that are not shown.
        if (!record) {
            continue;
        }
        auto const before = page.records.size();
        page.records += page.shown > 0 ? "," : "";
        if (append_feed_record(page.records, *record)) {
            ++page.shown;
        } else {
            page.records.resize(before);
        }
    }
    return true;
}

/// Whether a chunk begins with the very record that the consumer has.
bool begins_with(JournalChunk const& chunk, Position after) {
    FrameScanner scanner(chunk.frames);
    return scanner.next() == FrameScanner::Found::frame && scanner.frame().position == after;
}

}  // namespace

Result<FeedPage> read_feed(JournalReader& journal, FeedQuery const& query) {
    FeedPage page;
    page.next = query.after;
    if (query.after.seq == 0 || query.after.seq > query.through) {
        return gap_behind(query.after);
    }
    page.records = "[";
    std::size_t bytes = 0;
    auto at = query.after.seq - 1;
    bool first = true;
    bool room = true;
    while (room && at < query.through && bytes < kMostBytes) {
        auto const chunk = journal.read(at, query.through, kChunkBytes);
        if (!chunk && chunk.error().code == Errc::corrupt) {
            return gap_behind(query.after);
        }
        if (!chunk) {
            return tl::unexpected(chunk.error());
        }
        if (chunk->first_seq == 0) {
            break;
        }
        if (chunk->first_seq != at + 1 || (first && !begins_with(*chunk, query.after))) {
            return gap_behind(query.after);  // trimmed, or another journal
        }
        first = false;
        bytes += chunk->frames.size();
        at = chunk->last_seq;
        room = take(page, *chunk, query);
    }
    if (first || page.gap) {
        return gap_behind(query.after);
    }
    page.records += ']';
    return page;
}

}  // namespace muster
