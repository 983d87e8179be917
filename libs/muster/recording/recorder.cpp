#include <muster/recording/recorder.hpp>

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>
#include <vector>

#include <muster/recording/back_off.hpp>
#include <muster/recording/journal_record.hpp>

namespace muster {
namespace {

/// Above this a batch is written in pieces: when the disk fills, what still fits is written.
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

/// What is made again by the next check; the rest is told only once.
bool is_routine(RecordBody const& body) noexcept {
    return std::holds_alternative<CheckResult>(body) ||
           std::holds_alternative<ProjectMetrics>(body);
}

/// Records that could not be taken since the last time this was told.
struct Lost {
    std::uint64_t results{0};
    std::uint64_t others{0};
    std::uint64_t behind{0};  // the newest record that was taken before the first of them

    [[nodiscard]] bool any() const noexcept { return results + others > 0; }
};

}  // namespace

class Recorder::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(Journal& journal, Clock const& clock, Lane& lane, Log& log, Options options)
        : journal_(journal), clock_(clock), lane_(lane), log_(log), options_(options) {}

    void make_timers(Timers& timers) {
        write_timer_ = timers.make([this] { write_buffered(); });
        sync_timer_ = timers.make([this] { sync(); });
        settle_timer_ = timers.make([this] { settle(std::exchange(settle_all_, false)); });
    }

    void start_epoch(std::uint64_t epoch) {
        epoch_ = epoch;
        last_ = written_ = journal_.state().last_seq;
    }

    Position record(RecordBody const& body);
    void commit() {
        if (write_failures_ == 0) {
            write_buffered();
        }
    }
    void flush_and_sync(UniqueFunction<void()> done);

    [[nodiscard]] Position last() const noexcept { return {epoch_, last_}; }
    [[nodiscard]] std::uint64_t written() const noexcept { return written_; }
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_ever_; }
    [[nodiscard]] HubCondition::Part const& condition() const noexcept { return condition_; }

    UniqueFunction<void(std::uint64_t)> on_written;
    UniqueFunction<void(std::uint64_t)> on_durable;

private:
    struct Waiter {
        std::uint64_t seq;
        UniqueFunction<void()> done;
    };

    [[nodiscard]] bool must_refuse(RecordBody const& body);
    void append(RecordBody const& body) { append_frame(buffer_, {epoch_, ++last_}, body); }
    void write_buffered();
    [[nodiscard]] Result<void> write_pieces();
    [[nodiscard]] std::pair<std::size_t, std::uint64_t> next_piece() const;
    void forget_written();
    void append_gap();
    void write_failed(Error error);

    void arm_sync(SteadyTime at);
    void sync();
    void synced(Result<void> result);
    void settle(bool all);
    void settle_later(bool all);
    void update_condition();

    [[nodiscard]] std::uint64_t durable() const { return journal_.state().durable_seq; }

    Journal& journal_;
    Clock const& clock_;
    Lane& lane_;
    Log& log_;
    Options const options_;

    std::uint64_t epoch_{0};
    std::uint64_t last_{0};     // numbered
    std::uint64_t written_{0};  // in the journal
    Bytes buffer_;              // frames of (written_, last_], behind `head_`
    std::size_t head_{0};
    Lost lost_;
    std::uint64_t lost_ever_{0};

    unsigned write_failures_{0};
    std::string write_problem_;
    unsigned sync_failures_{0};
    std::string sync_problem_;
    HubCondition::Part condition_;

    bool syncing_{false};
    SteadyTime sync_begun_{};
    bool sync_armed_{false};
    std::vector<Waiter> waiters_;
    bool settle_all_{false};

    std::unique_ptr<Timer> write_timer_;
    std::unique_ptr<Timer> sync_timer_;
    std::unique_ptr<Timer> settle_timer_;
};

Position Recorder::Impl::record(RecordBody const& body) {
    assert(epoch_ != 0);
    if (must_refuse(body)) {
        if (!lost_.any()) {
            lost_.behind = last_;
        }
        ++(is_routine(body) ? lost_.results : lost_.others);
        ++lost_ever_;
        return last();
    }
    append(body);
    return last();
}

bool Recorder::Impl::must_refuse(RecordBody const& body) {
    if (buffer_.size() - head_ < options_.buffer_limit) {
        return false;
    }
    commit();
    auto const waiting = buffer_.size() - head_;
    auto const reserve = is_routine(body) ? 0 : options_.buffer_limit / 4;
    return waiting >= options_.buffer_limit + reserve;
}

void Recorder::Impl::write_buffered() {
    if (head_ == buffer_.size() && !lost_.any()) {
        return;
    }
    auto const before = written_;
    auto result = write_pieces();
    if (result && lost_.any()) {
        append_gap();
        result = write_pieces();
    }
    forget_written();
    if (result) {
        write_failures_ = 0;
        write_problem_.clear();
        write_timer_->disarm();
    } else {
        write_failed(std::move(result.error()));
    }
    update_condition();
    if (written_ != before) {
        arm_sync(clock_.now().steady + options_.sync_within);
        if (on_written) {
            on_written(written_);
        }
    }
}

Result<void> Recorder::Impl::write_pieces() {
    while (head_ < buffer_.size()) {
        auto const [size, last_seq] = next_piece();
        ByteView const frames(buffer_.data() + head_, size);
        auto result = journal_.write(frames, {epoch_, last_seq}, clock_.now().wall);
        if (!result) {
            return result;
        }
        head_ += size;
        written_ = last_seq;
    }
    return {};
}

/// How many bytes to write, and the last record in them.
std::pair<std::size_t, std::uint64_t> Recorder::Impl::next_piece() const {
    ByteView const waiting = ByteView(buffer_).subspan(head_);
    if (waiting.size() <= kPieceBytes) {
        return {waiting.size(), last_};
    }
    std::size_t size = 0;
    auto seq = written_;
    while (size < waiting.size() && size < kPieceBytes) {
        size += frame_size(waiting.subspan(size));
        ++seq;
    }
    return {size, seq};
}

void Recorder::Impl::forget_written() {
    if (head_ == buffer_.size()) {
        if (buffer_.capacity() > 2 * kPieceBytes) {
            Bytes().swap(buffer_);
        }
        buffer_.clear();
    } else {
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(head_));
    }
    head_ = 0;
}

void Recorder::Impl::append_gap() {
    auto const lost = std::exchange(lost_, {});
    Gap gap;
    gap.from = lost.behind;
    gap.to = last_ + 1;
    gap.follower = "journal";
    gap.why = std::to_string(lost.results) + " results and metrics and " +
              std::to_string(lost.others) + " other records could not be written: " +
              (write_problem_.empty() ? "the buffer was full" : write_problem_);
    gap.at = clock_.now().wall;
    log_.write(LogLevel::error, "journal", gap.why);
    append(std::move(gap));
}

void Recorder::Impl::write_failed(Error error) {
    ++write_failures_;
    if (error.message != write_problem_) {
        log_.write(LogLevel::error, "journal", "cannot be written: " + error.message);
    }
    write_problem_ = std::move(error.message);
    write_timer_->arm(clock_.now().steady +
                      back_off(options_.retry_first, options_.retry_longest, write_failures_));
    if (!waiters_.empty()) {
        settle_later(true);
    }
}

void Recorder::Impl::arm_sync(SteadyTime at) {
    if (syncing_ || sync_armed_ || durable() >= written_) {
        return;
    }
    sync_armed_ = true;
    sync_timer_->arm(at);
}

void Recorder::Impl::sync() {
    sync_armed_ = false;
    if (syncing_ || durable() >= written_) {
        return;
    }
    auto const now = clock_.now().steady;
    syncing_ = submit_to(lane_, journal_.sync_job(),
                         [weak = weak_from_this()](Result<void> result) {
                             if (auto const self = weak.lock()) {
                                 self->synced(std::move(result));
                             }
                         });
    if (syncing_) {
        sync_begun_ = now;
        sync_timer_->disarm();
    } else {
        sync_armed_ = true;
        sync_timer_->arm(now + options_.retry_first);
    }
}

void Recorder::Impl::synced(Result<void> result) {
    syncing_ = false;
    bool const failed = !result;
    auto problem = failed ? result.error().message : std::string();
    auto const taken = journal_.synced(std::move(result));
    if (!taken) {
        problem = taken.error().message;
    }
    if (!failed && taken) {
        sync_failures_ = 0;
        sync_problem_.clear();
        arm_sync(std::max(clock_.now().steady, sync_begun_ + options_.sync_within));
    } else {
        ++sync_failures_;
        if (problem != sync_problem_) {
            log_.write(LogLevel::error, "journal", "cannot be made durable: " + problem);
        }
        sync_problem_ = std::move(problem);
        sync_armed_ = true;
        sync_timer_->arm(clock_.now().steady + back_off(options_.retry_first,
                                                        options_.retry_longest, sync_failures_));
    }
    update_condition();
    if (sync_failures_ == 0 && on_durable) {
        on_durable(durable());
    }
    settle(sync_failures_ > 0);
    if (!waiters_.empty()) {
        sync();  // What they wait for was written while this one ran.
    }
}

void Recorder::Impl::flush_and_sync(UniqueFunction<void()> done) {
    waiters_.push_back({last_ + (lost_.any() ? 1 : 0), std::move(done)});
    write_buffered();
    sync();
    if (!syncing_ && durable() >= waiters_.back().seq) {
        settle_later(false);
    }
}

/// Not inside the caller's call.
void Recorder::Impl::settle_later(bool all) {
    settle_all_ = settle_all_ || all;
    settle_timer_->arm(clock_.now().steady);
}

void Recorder::Impl::settle(bool all) {
    std::vector<Waiter> settled;
    auto const durable_seq = durable();
    auto const keep = std::stable_partition(
        waiters_.begin(), waiters_.end(),
        [&](Waiter const& waiter) { return !all && waiter.seq > durable_seq; });
    settled.assign(std::make_move_iterator(keep), std::make_move_iterator(waiters_.end()));
    waiters_.erase(keep, waiters_.end());
    for (auto& waiter : settled) {
        waiter.done();
    }
}

void Recorder::Impl::update_condition() {
    bool const working = write_failures_ == 0 && sync_failures_ == 0;
    condition_.problem = write_failures_ > 0 ? write_problem_ : sync_problem_;
    if (working == condition_.working) {
        return;
    }
    condition_.working = working;
    if (working) {
        condition_.since.reset();
        log_.write(LogLevel::info, "journal", "works again");
    } else {
        condition_.since = clock_.now().steady;
    }
}

Recorder::Recorder(Journal& journal, Clock const& clock, Timers& timers, Lane& sync_lane,
                   Log& log, Options options)
    : impl_(std::make_shared<Impl>(journal, clock, sync_lane, log, options)) {
    impl_->make_timers(timers);
}

Recorder::~Recorder() = default;

void Recorder::start_epoch(std::uint64_t epoch) {
    impl_->start_epoch(epoch);
}

Position Recorder::record(RecordBody const& body) {
    return impl_->record(body);
}

void Recorder::commit() {
    impl_->commit();
}

void Recorder::on_durable(UniqueFunction<void(std::uint64_t)> durable) {
    impl_->on_durable = std::move(durable);
}

void Recorder::on_written(UniqueFunction<void(std::uint64_t)> written) {
    impl_->on_written = std::move(written);
}

Position Recorder::last() const noexcept {
    return impl_->last();
}

std::uint64_t Recorder::written_seq() const noexcept {
    return impl_->written();
}

bool Recorder::healthy() const {
    return impl_->condition().working;
}

std::string const& Recorder::problem() const {
    return impl_->condition().problem;
}

HubCondition::Part const& Recorder::condition() const {
    return impl_->condition();
}

std::uint64_t Recorder::lost() const noexcept {
    return impl_->lost();
}

void Recorder::flush_and_sync(UniqueFunction<void()> done) {
    impl_->flush_and_sync(std::move(done));
}

}  // namespace muster
