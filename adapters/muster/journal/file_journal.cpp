#include <muster/journal/file_journal.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include <fcntl.h>

#include <muster/journal/journal_opening.hpp>
#include <muster/journal/posix_file.hpp>
#include <muster/journal/segment_index.hpp>
#include <muster/journal/segment_reader.hpp>
#include <muster/journal/segment_shrinking.hpp>
#include <muster/journal/unsynced_tail.hpp>

namespace muster {
namespace {

/// Whether these are the frames of just (after, through], by their own word.
bool are_next(ByteView frames, std::uint64_t after, std::uint64_t through) noexcept {
    while (!frames.empty()) {
        auto const size = frame_size(frames);
        if (size == 0 || size > frames.size()) {
            return false;
        }
        frames = frames.subspan(size);
        ++after;
    }
    return after == through;
}

/// Something to be synced, and the newest record for whose sake.
struct Dirty {
    std::shared_ptr<FileDescriptor> file;
    std::filesystem::path path;
    std::uint64_t seq{0};
};

Result<void> sync_all(std::vector<Dirty> const& dirty) {
    for (auto const& [file, path, seq] : dirty) {
        if (auto result = posix::sync(*file, path); !result) {
            return result;
        }
    }
    return {};
}

}  // namespace

class FileJournal::Impl {
public:
    Impl(Options options, OpenedJournal opened, FileDescriptor folder)
        : options_(std::move(options)),
          id_(std::move(opened.id)),
          problems_(std::move(opened.problems)),
          folder_(std::make_shared<FileDescriptor>(std::move(folder))),
          active_(std::make_shared<FileDescriptor>(std::move(opened.active))),
          active_path_(opened.segments.back().path),
          active_bytes_(opened.segments.back().bytes),
          last_(opened.last),
          durable_(opened.last.seq),
          tail_(options_.unsynced_copy_bytes) {
        // Several segments under the limit, so that the oldest can go alone.
        options_.segment_bytes = std::min(options_.segment_bytes, options_.limit_bytes / 4);
        index_->reset(std::move(opened.segments), last_.seq);
    }

    [[nodiscard]] JournalState state() const;
    [[nodiscard]] std::vector<std::string> const& problems() const noexcept { return problems_; }
    [[nodiscard]] Result<void> write(ByteView frames, Position last, WallTime now);
    [[nodiscard]] SyncJob sync_job();
    [[nodiscard]] Result<void> synced(Result<void> const& result);
    [[nodiscard]] Result<void> trim(std::uint64_t seq, WallTime now);
    void may_go(std::uint64_t seq) { may_go_ = std::max(may_go_, seq); }
    [[nodiscard]] ShrinkJob shrink_job();
    void shrunk(Result<void> const& result);
    [[nodiscard]] std::unique_ptr<JournalReader> reader() const {
        return std::make_unique<SegmentReader>(index_);
    }

private:
    [[nodiscard]] Result<void> make_room(std::size_t bytes, std::uint64_t epoch);
    [[nodiscard]] Result<void> roll(std::uint64_t epoch);
    [[nodiscard]] unsigned next_rewrite(std::uint64_t first_seq) const;
    [[nodiscard]] Result<void> append(ByteView frames);
    [[nodiscard]] Result<void> rewrite_tail();
    void use_rewritten(SegmentEntry rewritten, FileDescriptor file);
    [[nodiscard]] Result<void> drop_oldest();
    [[nodiscard]] Result<void> give_up_oldest();
    [[nodiscard]] std::uint64_t last_of_oldest() const;
    void mark_dirty(std::shared_ptr<FileDescriptor> const& file, std::filesystem::path const& path,
                    std::uint64_t seq);

    Options options_;
    std::string const id_;
    std::vector<std::string> const problems_;
    std::shared_ptr<SegmentIndex> const index_ = std::make_shared<SegmentIndex>();
    std::shared_ptr<FileDescriptor> const folder_;

    std::shared_ptr<FileDescriptor> active_;  // jobs hold it too
    std::filesystem::path active_path_;
    std::uint64_t active_bytes_;
    bool active_unusable_{false};  // rubbish behind active_bytes_ that could not be taken back

    Position last_;          // written
    std::uint64_t durable_;  // would survive a power loss
    UnsyncedTail tail_;
    std::vector<Dirty> dirty_;
    std::uint64_t sync_through_{0};
    bool must_rewrite_{false};  // an fsync failed; what is not durable is not yet written again
    WallTime now_{};            // of the last write

    std::uint64_t may_go_{0};
    std::uint64_t given_up_{0};
    /// What a shrink job works at; the job sets `result`.
    struct Shrink {
        SegmentEntry from;
        std::uint64_t last_seq{0};
        std::optional<ShrunkenSegment> result;
    };
    std::shared_ptr<Shrink> shrink_;  // the job holds it too
};

JournalState FileJournal::Impl::state() const {
    JournalState state;
    state.id = id_;
    state.first_seq = index_->first_seq();
    state.last_seq = last_.seq;
    state.last_epoch = last_.epoch;
    state.durable_seq = durable_;
    state.bytes = index_->bytes();
    state.given_up = given_up_;
    return state;
}

Result<void> FileJournal::Impl::write(ByteView frames, Position last, WallTime now) {
    now_ = now;
    if (!are_next(frames, last_.seq, last.seq)) {
        return failure(Errc::internal, "the frames are not the journal's next records");
    }
    if (must_rewrite_) {
        if (auto rewritten = rewrite_tail(); !rewritten) {
            return rewritten;
        }
    }
    if (auto room = make_room(frames.size(), last.epoch); !room) {
        return room;
    }
    if (auto appended = append(frames); !appended) {
        return appended;
    }
    tail_.add(last_.seq + 1, last, frames);
    last_ = last;
    index_->grow(active_bytes_, last_.seq);
    mark_dirty(active_, active_path_, last_.seq);
    return {};
}

/// All or nothing.
Result<void> FileJournal::Impl::append(ByteView frames) {
    auto written = posix::write_at(*active_, active_bytes_, frames, active_path_);
    if (written) {
        active_bytes_ += frames.size();
    } else if (!posix::truncate(*active_, active_bytes_, active_path_)) {
        active_unusable_ = true;
    }
    return written;
}

Result<void> FileJournal::Impl::make_room(std::size_t bytes, std::uint64_t epoch) {
    bool const fits = active_bytes_ + bytes <= options_.segment_bytes;
    bool const empty = active_bytes_ == SegmentHeader::kBytes;
    if (active_unusable_ || (!fits && !empty)) {
        if (auto rolled = roll(epoch); !rolled) {
            return rolled;
        }
    }
    while (index_->bytes() + bytes > options_.limit_bytes) {
        if (index_->segments().size() == 1) {
            return failure(Errc::full, "the journal's limit of " +
                                           std::to_string(options_.limit_bytes) +
                                           " bytes is smaller than one batch");
        }
        if (auto dropped = give_up_oldest(); !dropped) {
            return dropped;
        }
    }
    return {};
}

unsigned FileJournal::Impl::next_rewrite(std::uint64_t first_seq) const {
    unsigned next = 0;
    for (auto const& segment : index_->segments()) {
        if (segment.name.first_seq == first_seq) {
            next = segment.name.rewrite + 1;
        }
    }
    return next;
}

/// From here on writes go to a new segment.
Result<void> FileJournal::Impl::roll(std::uint64_t epoch) {
    SegmentName const name{last_.seq + 1, next_rewrite(last_.seq + 1)};
    auto path = options_.folder / to_file_name(name);
    auto file = create_segment(path, SegmentHeader{id_, name.first_seq, epoch, now_});
    if (!file) {
        return tl::unexpected(std::move(file.error()));
    }
    active_ = std::make_shared<FileDescriptor>(std::move(*file));
    active_path_ = path;
    active_bytes_ = SegmentHeader::kBytes;
    active_unusable_ = false;
    index_->add({name, std::move(path), active_bytes_, now_});
    mark_dirty(folder_, options_.folder, last_.seq + 1);
    mark_dirty(active_, active_path_, last_.seq + 1);
    return {};
}

void FileJournal::Impl::mark_dirty(std::shared_ptr<FileDescriptor> const& file,
                                   std::filesystem::path const& path, std::uint64_t seq) {
    auto const same = std::find_if(dirty_.begin(), dirty_.end(),
                                   [&](Dirty const& dirty) { return dirty.file == file; });
    if (same != dirty_.end()) {
        same->seq = seq;
    } else {
        dirty_.push_back({file, path, seq});
    }
}

Journal::SyncJob FileJournal::Impl::sync_job() {
    sync_through_ = last_.seq;
    if (must_rewrite_) {
        return []() -> Result<void> {
            return failure(Errc::unavailable, "what could not be synced is not yet written again");
        };
    }
    return [dirty = dirty_] { return sync_all(dirty); };
}

Result<void> FileJournal::Impl::synced(Result<void> const& result) {
    if (!result) {
        must_rewrite_ = true;
        return rewrite_tail();
    }
    durable_ = std::max(durable_, sync_through_);
    tail_.forget(durable_);
    std::erase_if(dirty_, [this](Dirty const& dirty) { return dirty.seq <= sync_through_; });
    return {};
}

/// Writes what is not durable into a new segment, which takes the place of those that hold it now.
/// Their descriptors are not used again: after a failed fsync the kernel may have dropped pages,
/// and a second fsync would not say so.
Result<void> FileJournal::Impl::rewrite_tail() {
    must_rewrite_ = true;
    if (tail_.parts().empty()) {
        must_rewrite_ = false;
        active_unusable_ = true;
        return {};
    }
    auto const& oldest = tail_.parts().front();
    SegmentName const name{oldest.first_seq, next_rewrite(oldest.first_seq)};
    auto const path = options_.folder / to_file_name(name);
    // Under its own name it would hide the old ones' records before it has them all.
    auto unfinished = path;
    unfinished += kUnfinished;
    auto file =
        create_segment(unfinished, SegmentHeader{id_, name.first_seq, oldest.last.epoch, now_});
    if (!file) {
        return tl::unexpected(std::move(file.error()));
    }
    std::uint64_t bytes = SegmentHeader::kBytes;
    Result<void> written;
    for (auto const& part : tail_.parts()) {
        if (written) {
            written = posix::write_at(*file, bytes, part.frames, unfinished);
            bytes += part.frames.size();
        }
    }
    if (written) {
        written = posix::rename(unfinished, path);
    }
    if (!written) {
        static_cast<void>(posix::remove(unfinished));
        return written;
    }
    use_rewritten({name, path, bytes, now_}, std::move(*file));
    if (name.first_seq > durable_ + 1) {
        return failure(Errc::unavailable,
                       "records " + std::to_string(durable_ + 1) + " to " +
                           std::to_string(name.first_seq - 1) +
                           " may not survive a power loss: too many waited for their fsync");
    }
    return {};
}

void FileJournal::Impl::use_rewritten(SegmentEntry rewritten, FileDescriptor file) {
    auto segments = index_->segments();
    auto const replaced = std::partition_point(
        segments.begin(), segments.end(),
        [&](SegmentEntry const& segment) { return segment.name < rewritten.name; });
    std::vector<SegmentEntry> const superfluous(replaced, segments.end());
    segments.erase(replaced, segments.end());
    active_ = std::make_shared<FileDescriptor>(std::move(file));
    active_path_ = rewritten.path;
    active_bytes_ = rewritten.bytes;
    active_unusable_ = false;
    segments.push_back(std::move(rewritten));
    index_->reset(std::move(segments), last_.seq);
    for (auto const& segment : superfluous) {
        static_cast<void>(posix::remove(segment.path));
    }
    dirty_.clear();
    mark_dirty(folder_, options_.folder, last_.seq);
    mark_dirty(active_, active_path_, last_.seq);
    must_rewrite_ = false;
}

Result<void> FileJournal::Impl::trim(std::uint64_t seq, WallTime now) {
    auto const segments = index_->segments();
    std::size_t passed = 0;  // segments that `seq` has left behind; never the active one
    std::uint64_t behind = 0;
    // The one behind must hold a durable record: a power loss must not take all there is.
    auto const reached = std::min(seq + 1, durable_);
    while (passed + 1 < segments.size() && segments[passed + 1].name.first_seq <= reached) {
        behind += segments[passed].bytes;
        ++passed;
    }
    for (std::size_t index = 0; index < passed; ++index) {
        behind -= segments[index].bytes;
        bool const old_enough = now - segments[index + 1].created >= options_.keep_age;
        if (behind < options_.keep_bytes && !old_enough) {
            break;
        }
        if (auto dropped = drop_oldest(); !dropped) {
            return dropped;
        }
    }
    return {};
}

Result<void> FileJournal::Impl::drop_oldest() {
    // Out of the index first: a reader that finds no file looks there again, on another thread.
    auto held = index_->segments();
    index_->drop_oldest();
    auto removed = posix::remove(held.front().path);
    if (!removed) {
        index_->reset(std::move(held), last_.seq);
    }
    return removed;
}

std::uint64_t FileJournal::Impl::last_of_oldest() const {
    auto const segments = index_->segments();
    return segments.size() < 2 ? last_.seq : segments[1].name.first_seq - 1;
}

Result<void> FileJournal::Impl::give_up_oldest() {
    auto const oldest = index_->segments().front();
    auto const last = last_of_oldest();
    auto dropped = drop_oldest();
    if (dropped && last > may_go_ && last >= oldest.name.first_seq) {
        auto const records = last - oldest.name.first_seq + 1;
        given_up_ += records - std::min(records, oldest.given_up);
    }
    return dropped;
}

Journal::ShrinkJob FileJournal::Impl::shrink_job() {
    auto const enough = options_.limit_bytes - options_.limit_bytes / 8;
    while (index_->bytes() > enough && index_->segments().size() > 1 &&
           last_of_oldest() <= std::min(may_go_, durable_)) {
        if (!drop_oldest()) {
            return {};
        }
    }
    auto const segments = index_->segments();
    for (std::size_t index = 0; index_->bytes() > enough && index + 1 < segments.size(); ++index) {
        auto const& segment = segments[index];
        auto const last = segments[index + 1].name.first_seq - 1;
        if (segment.shrunk || last < segment.name.first_seq || last > durable_) {
            continue;
        }
        shrink_ = std::make_shared<Shrink>(Shrink{segment, last, std::nullopt});
        return [shrink = shrink_, id = id_, folder = options_.folder]() -> Result<void> {
            auto shrunken = shrink_segment(shrink->from, shrink->last_seq, id, folder);
            if (!shrunken) {
                return tl::unexpected(std::move(shrunken.error()));
            }
            shrink->result = std::move(*shrunken);
            return {};
        };
    }
    return {};
}

void FileJournal::Impl::shrunk(Result<void> const& result) {
    auto const shrink = std::exchange(shrink_, nullptr);
    if (!shrink || !result) {
        return;
    }
    auto after = shrink->result ? shrink->result->entry : shrink->from;
    after.shrunk = true;
    after.given_up += shrink->result ? shrink->result->given_up : 0;
    bool const held = index_->replace(shrink->from.name, after);
    if (!shrink->result) {
        return;
    }
    // While that was made the old one may have gone as it was; then the new one goes too.
    static_cast<void>(posix::remove(held ? shrink->from.path : after.path));
    given_up_ += held ? shrink->result->given_up : 0;
}

Result<std::unique_ptr<FileJournal>> FileJournal::open(Options options, WallTime now) {
    auto opened = open_segments(options.folder, now);
    if (!opened) {
        return tl::unexpected(std::move(opened.error()));
    }
    auto folder = posix::open(options.folder, O_RDONLY | O_DIRECTORY);
    if (!folder) {
        return tl::unexpected(std::move(folder.error()));
    }
    return std::unique_ptr<FileJournal>(new FileJournal(
        std::make_unique<Impl>(std::move(options), std::move(*opened), std::move(*folder))));
}

FileJournal::FileJournal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

FileJournal::~FileJournal() = default;

std::vector<std::string> const& FileJournal::problems() const noexcept {
    return impl_->problems();
}

JournalState FileJournal::state() const {
    return impl_->state();
}

Result<void> FileJournal::write(ByteView frames, Position last, WallTime now) {
    return impl_->write(frames, last, now);
}

Journal::SyncJob FileJournal::sync_job() {
    return impl_->sync_job();
}

Result<void> FileJournal::synced(Result<void> result) {
    return impl_->synced(result);
}

Result<void> FileJournal::trim(std::uint64_t seq, WallTime now) {
    return impl_->trim(seq, now);
}

void FileJournal::may_go(std::uint64_t seq) {
    impl_->may_go(seq);
}

Journal::ShrinkJob FileJournal::shrink_job() {
    return impl_->shrink_job();
}

void FileJournal::shrunk(Result<void> result) {
    impl_->shrunk(result);
}

std::unique_ptr<JournalReader> FileJournal::reader() const {
    return impl_->reader();
}

}  // namespace muster
