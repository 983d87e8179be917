#include <muster/memory/memory_journal.hpp>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include <muster/memory/memory_disk_state.hpp>
#include <muster/recording/journal_record.hpp>
#include <muster/recording/shrinking.hpp>

namespace muster {
namespace {

/// The frames of (last, last + n]; nothing where they are not just that.
std::optional<std::vector<FrameView>> split(ByteView frames, std::uint64_t after,
                                            std::uint64_t through) {
    std::vector<FrameView> found;
    FrameScanner scanner(frames);
    while (scanner.next() == FrameScanner::Found::frame) {
        if (scanner.frame().position.seq != ++after) {
            return std::nullopt;
        }
        found.push_back(scanner.frame());
    }
    if (scanner.offset() != frames.size() || after != through) {
        return std::nullopt;
    }
    return found;
}

}  // namespace

/// Shrinks the oldest records up to `up_to`, until not more than `enough` bytes are left.
void MemoryDisk::State::shrink(std::uint64_t enough, std::uint64_t up_to) {
    Shrinking shrinking(first_seq());
    std::size_t count = 0;
    std::uint64_t gone = 0;
    auto through = first_seq() - 1;
    for (auto const& stored : records) {
        bool const room = bytes() - gone <= enough && stored.position.seq > shrunk_through;
        if (stored.position.seq > up_to || room) {
            break;
        }
        FrameScanner scanner(stored.frame);
        if (!stored.damaged && scanner.next() == FrameScanner::Found::frame) {
            shrinking.take(scanner.frame(), stored.frame);
            gone += is_routine(RecordKind{scanner.frame().kind}) ? stored.frame.size() : 0;
        }
        through = stored.position.seq;
        ++count;
    }
    shrinking.finish(through);
    shrunk_through = std::max(shrunk_through, through);
    given_up += shrinking.given_up();
    replace_oldest(count, shrinking.frames());
}

void MemoryDisk::State::replace_oldest(std::size_t count, ByteView frames) {
    auto const from = begin_of(records.front());
    auto const written_at = records.front().written_at;
    std::deque<Stored> kept;
    FrameScanner scanner(frames);
    while (scanner.next() == FrameScanner::Found::frame) {
        auto const& frame = scanner.frame();
        auto const bytes = frames.subspan(frame.offset, frame.size);
        kept.push_back({frame.position, first_told(frame), Bytes(bytes.begin(), bytes.end()),
                        written_at, 0, false});
    }
    auto const behind = records.begin() + static_cast<std::ptrdiff_t>(count);
    std::move(behind, records.end(), std::back_inserter(kept));
    records = std::move(kept);
    bytes_ever = from;
    for (auto& stored : records) {
        bytes_ever += stored.frame.size();
        stored.end = bytes_ever;
    }
}

/// Gives whether anything was lost.
bool MemoryDisk::State::lose_power(std::uint64_t kept) {
    ++life;
    bool lost = false;
    while (!records.empty() && records.back().position.seq > durable.seq + kept) {
        bytes_ever -= records.back().frame.size();
        records.pop_back();
        lost = true;
    }
    last = std::max(durable, records.empty() ? durable : records.back().position);
    return lost;
}

MemoryDisk::MemoryDisk() : state_(std::make_shared<State>()) {}

MemoryDisk::~MemoryDisk() = default;

void MemoryDisk::crash_process() {
    std::scoped_lock const lock(state_->mutex);
    ++state_->life;
}

void MemoryDisk::lose_power() {
    std::scoped_lock const lock(state_->mutex);
    static_cast<void>(state_->lose_power(0));
}

void MemoryDisk::lose_power_in_write(std::uint64_t kept) {
    std::scoped_lock const lock(state_->mutex);
    state_->torn = state_->lose_power(kept);
}

void MemoryDisk::fail_writes(std::optional<Error> error) {
    std::scoped_lock const lock(state_->mutex);
    state_->write_error = std::move(error);
}

void MemoryDisk::fail_syncs(std::optional<Error> error) {
    std::scoped_lock const lock(state_->mutex);
    state_->sync_error = std::move(error);
}

void MemoryDisk::fail_reads(std::optional<Error> error) {
    std::scoped_lock const lock(state_->mutex);
    state_->read_error = std::move(error);
}

void MemoryDisk::damage(std::uint64_t seq) {
    std::scoped_lock const lock(state_->mutex);
    if (seq >= state_->first_seq() && seq <= state_->last.seq) {
        state_->find(seq)->damaged = true;
    }
}

std::uint64_t MemoryDisk::writes() const {
    std::scoped_lock const lock(state_->mutex);
    return state_->writes;
}

std::uint64_t MemoryDisk::syncs() const {
    std::scoped_lock const lock(state_->mutex);
    return state_->syncs;
}

/// Named by MemoryJournal::reader() only.
class MemoryJournal::Reader final : public JournalReader {
public:
    explicit Reader(std::shared_ptr<MemoryDisk::State> state) : state_(std::move(state)) {}

    Result<JournalChunk> read(std::uint64_t after, std::uint64_t through,
                              std::size_t max_bytes) override {
        std::scoped_lock const lock(state_->mutex);
        if (state_->read_error) {
            return tl::unexpected(*state_->read_error);
        }
        through = std::min(through, state_->last.seq);
        auto expected = std::max(after + 1, state_->first_seq());
        JournalChunk chunk;
        for (auto at = state_->find(expected); expected <= through; ++at) {
            bool const first = chunk.first_seq == 0;
            if (at->damaged && first) {
                return failure(Errc::corrupt, "record " + std::to_string(expected) + " is damaged");
            }
            bool const too_much = chunk.frames.size() + at->frame.size() > max_bytes;
            bool const beyond = at->position.seq > through;
            if (at->damaged || (!first && (too_much || beyond))) {
                break;
            }
            chunk.frames.insert(chunk.frames.end(), at->frame.begin(), at->frame.end());
            chunk.first_seq = first ? expected : chunk.first_seq;
            chunk.last_seq = at->position.seq;
            expected = chunk.last_seq + 1;
        }
        return chunk;
    }

    Result<std::uint64_t> next_readable(std::uint64_t after, std::uint64_t through) override {
        std::scoped_lock const lock(state_->mutex);
        if (state_->read_error) {
            return tl::unexpected(*state_->read_error);
        }
        auto const seq = std::max(after + 1, state_->first_seq());
        auto const last = std::min(through, state_->last.seq);
        auto at = state_->find(seq);
        while (at != state_->records.end() && at->damaged) {
            ++at;
        }
        auto const readable = at == state_->records.end() ? last + 1 : std::max(at->from, seq);
        return readable <= last ? readable : through + 1;
    }

private:
    std::shared_ptr<MemoryDisk::State> state_;
};

MemoryJournal::MemoryJournal(MemoryDisk& disk, Options options)
    : state_(disk.state_), options_(std::move(options)) {
    std::scoped_lock const lock(state_->mutex);
    if (state_->journal_id.empty()) {
        state_->journal_id = options_.id;
    }
    state_->torn = false;  // a torn tail is cut on open
    if (!state_->sync_error) {
        state_->durable = state_->last;
    }
    durable_seq_ = state_->durable.seq;
    state_->given_up = 0;
}

MemoryJournal::~MemoryJournal() = default;

JournalState MemoryJournal::state() const {
    std::scoped_lock const lock(state_->mutex);
    JournalState state;
    state.id = state_->journal_id;
    state.first_seq = state_->first_seq();
    state.last_seq = state_->last.seq;
    state.last_epoch = state_->last.epoch;
    state.durable_seq = durable_seq_;
    state.bytes = state_->bytes();
    state.given_up = state_->given_up;
    return state;
}

Result<void> MemoryJournal::write(ByteView frames, Position last, WallTime now) {
    std::scoped_lock const lock(state_->mutex);
    auto& state = *state_;
    auto const split_frames = split(frames, state.last.seq, last.seq);
    if (!split_frames) {
        return failure(Errc::internal, "the frames are not the next records");
    }
    if (state.write_error) {
        return tl::unexpected(*state.write_error);
    }
    if (frames.size() > options_.limit_bytes) {
        return failure(Errc::full, "the journal's byte limit is smaller than one batch");
    }
    while (!state.records.empty() && state.bytes() + frames.size() > options_.limit_bytes) {
        state.drop_oldest(may_go_);
    }
    for (auto const& frame : *split_frames) {
        auto const bytes = frames.subspan(frame.offset, frame.size);
        state.bytes_ever += frame.size;
        state.records.push_back({frame.position, frame.position.seq,
                                 Bytes(bytes.begin(), bytes.end()), now, state.bytes_ever,
                                 std::exchange(state.torn, false)});
    }
    state.last = last;
    ++state.writes;
    return {};
}

Journal::SyncJob MemoryJournal::sync_job() {
    std::scoped_lock const lock(state_->mutex);
    sync_through_ = state_->last.seq;
    return [state = state_, through = state_->last, life = state_->life]() -> Result<void> {
        std::scoped_lock const job_lock(state->mutex);
        if (state->life != life) {
            return failure(Errc::unavailable, "the process that asked for this is dead");
        }
        ++state->syncs;
        if (state->sync_error) {
            return tl::unexpected(*state->sync_error);
        }
        state->durable = std::max(state->durable, through);
        return {};
    };
}

Result<void> MemoryJournal::synced(Result<void> result) {
    if (result) {
        durable_seq_ = std::max(durable_seq_, sync_through_);
        return {};
    }
    std::scoped_lock const lock(state_->mutex);
    if (state_->write_error) {
        return tl::unexpected(*state_->write_error);  // it cannot be written again
    }
    return {};
}

Result<void> MemoryJournal::trim(std::uint64_t seq, WallTime now) {
    std::scoped_lock const lock(state_->mutex);
    auto& state = *state_;
    seq = std::min(seq, durable_seq_);
    if (seq < state.first_seq()) {
        return {};
    }
    auto const passed_end = state.find(seq)->end;
    while (!state.records.empty()) {
        auto const& oldest = state.records.front();
        bool const enough_left = passed_end - oldest.end >= options_.keep_bytes;
        bool const old_enough = now - oldest.written_at >= options_.keep_age;
        if (oldest.position.seq > seq || !(enough_left || old_enough)) {
            break;
        }
        state.records.pop_front();
    }
    return {};
}

Journal::ShrinkJob MemoryJournal::shrink_job() {
    std::scoped_lock const lock(state_->mutex);
    auto& state = *state_;
    auto const enough = options_.limit_bytes - options_.limit_bytes / 8;
    while (state.bytes() > enough && state.records.front().position.seq <= may_go_) {
        state.drop_oldest(may_go_);
    }
    if (state.bytes() <= enough || state.shrunk_through >= durable_seq_) {
        return {};
    }
    // More at once than must be: every run that is cut costs another stand-in.
    return [shared = state_, enough = enough - options_.limit_bytes / 8, durable = durable_seq_,
            life = state.life]() -> Result<void> {
        std::scoped_lock const job_lock(shared->mutex);
        if (shared->life != life) {
            return failure(Errc::unavailable, "the process that asked for this is dead");
        }
        if (shared->write_error) {
            return tl::unexpected(*shared->write_error);
        }
        shared->shrink(enough, durable);
        return {};
    };
}

std::unique_ptr<JournalReader> MemoryJournal::reader() const {
    return std::make_unique<Reader>(state_);
}

}  // namespace muster
