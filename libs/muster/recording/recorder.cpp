#include <muster/recording/recorder.hpp>

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include <muster/recording/back_off.hpp>
#include <muster/recording/record_buffer.hpp>

namespace muster {
class Recorder::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(Journal& journal, Clock const& clock, Lane& lane, Log& log, Options options)
        : journal_(journal),
          clock_(clock),
          lane_(lane),
          log_(log),
          options_(options),
          buffer_(options.buffer_limit) {}

    void make_timers(Timers& timers) {
        write_timer_ = timers.make([this] { write_buffered(); });
        sync_timer_ = timers.make([this] { sync(); });
        settle_timer_ = timers.make([this] { settle(std::exchange(settle_all_, false)); });
    }

    void start_epoch(std::uint64_t epoch) { buffer_.start(epoch, journal_.state().last_seq); }

    Position record(RecordBody const& body);
    void commit() {
        if (write_failures_ == 0) {
            write_buffered();
        }
    }
    void sync_here();
    void flush_and_sync(UniqueFunction<void()> done);

    [[nodiscard]] RecordBuffer const& buffer() const noexcept { return buffer_; }
    [[nodiscard]] HubCondition::Part const& condition() const noexcept { return condition_; }

    UniqueFunction<void(std::uint64_t)> on_written;
    UniqueFunction<void(std::uint64_t)> on_durable;

private:
    struct Waiter {
        std::uint64_t seq;
        UniqueFunction<void()> done;
    };

    void write_buffered();
    [[nodiscard]] Result<void> write_pieces();
    void add_gap();
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

    RecordBuffer buffer_;
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
    assert(buffer_.last().epoch != 0);
    if (buffer_.is_full()) {
        commit();
    }
    return buffer_.add(body);
}

void Recorder::Impl::write_buffered() {
    if (!buffer_.next() && !buffer_.lost_any()) {
        return;
    }
    auto const before = buffer_.written_seq();
    auto result = write_pieces();
    if (result && buffer_.lost_any()) {
        add_gap();
        result = write_pieces();
    }
    buffer_.tidy();
    if (result) {
        write_failures_ = 0;
        write_problem_.clear();
        write_timer_->disarm();
    } else {
        write_failed(std::move(result.error()));
    }
    update_condition();
    if (buffer_.written_seq() != before) {
        arm_sync(clock_.now().steady + options_.sync_within);
        if (on_written) {
            on_written(buffer_.written_seq());
        }
    }
}

Result<void> Recorder::Impl::write_pieces() {
    while (auto const piece = buffer_.next()) {
        auto result = journal_.write(piece->frames, piece->last, clock_.now().wall);
        if (!result) {
            return result;
        }
        buffer_.written(*piece);
    }
    return {};
}

void Recorder::Impl::add_gap() {
    auto const gap = buffer_.add_gap(
        write_problem_.empty() ? "the buffer was full" : write_problem_, clock_.now().wall);
    log_.write(LogLevel::error, "journal", gap.why);
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
    if (syncing_ || sync_armed_ || durable() >= buffer_.written_seq()) {
        return;
    }
    sync_armed_ = true;
    sync_timer_->arm(at);
}

void Recorder::Impl::sync() {
    sync_armed_ = false;
    if (syncing_ || durable() >= buffer_.written_seq()) {
        return;
    }
    auto const now = clock_.now().steady;
    syncing_ =
        submit_to(lane_, journal_.sync_job(), [weak = weak_from_this()](Result<void> result) {
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

void Recorder::Impl::sync_here() {
    assert(!syncing_);
    commit();
    if (durable() < buffer_.written_seq()) {
        sync_begun_ = clock_.now().steady;
        sync_armed_ = false;
        sync_timer_->disarm();
        synced(journal_.sync_job()());
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
        sync_timer_->arm(clock_.now().steady +
                         back_off(options_.retry_first, options_.retry_longest, sync_failures_));
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
    auto const last = buffer_.last().seq + (buffer_.lost_any() ? 1 : 0);
    waiters_.push_back({last, std::move(done)});
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

Recorder::Recorder(Journal& journal, Clock const& clock, Timers& timers, Lane& sync_lane, Log& log,
                   Options options)
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

void Recorder::sync_here() {
    impl_->sync_here();
}

void Recorder::on_durable(UniqueFunction<void(std::uint64_t)> durable) {
    impl_->on_durable = std::move(durable);
}

void Recorder::on_written(UniqueFunction<void(std::uint64_t)> written) {
    impl_->on_written = std::move(written);
}

Position Recorder::last() const noexcept {
    return impl_->buffer().last();
}

std::uint64_t Recorder::written_seq() const noexcept {
    return impl_->buffer().written_seq();
}

std::size_t Recorder::unwritten_bytes() const noexcept {
    return impl_->buffer().waiting();
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
    return impl_->buffer().lost_ever();
}

void Recorder::flush_and_sync(UniqueFunction<void()> done) {
    impl_->flush_and_sync(std::move(done));
}

}  // namespace muster
