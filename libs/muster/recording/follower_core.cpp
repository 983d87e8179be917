#include <muster/recording/follower_core.hpp>

#include <utility>

#include <muster/recording/record_stream.hpp>

namespace muster {
namespace {

using Job = FollowPlan::Job;
using Report = FollowPlan::Report;

Report reported(Report::What what, std::uint64_t last_seq, Error error = {}) {
    Report report;
    report.what = what;
    report.last_seq = last_seq;
    report.error = std::move(error);
    return report;
}

/// What the jobs work with; the job that is under way has it to itself.
struct Worker {
    std::unique_ptr<JournalReader> reader;
    std::unique_ptr<FollowerSink> sink;
    Log& log;
    std::string name;

    [[nodiscard]] Report run(Job const& job);

private:
    [[nodiscard]] Report ask();
    [[nodiscard]] Report feed(Job const& job);
    [[nodiscard]] Report hand_over(Job const& job, JournalChunk const& chunk);
    [[nodiscard]] Report skip(Job const& job, std::string why);
};

Report Worker::run(Job const& job) {
    return job.work == FollowPlan::Work::find_cursor ? ask() : feed(job);
}

Report Worker::ask() {
    auto cursor = sink->cursor();
    if (!cursor) {
        return reported(Report::What::refused, 0, std::move(cursor.error()));
    }
    auto report = reported(Report::What::cursor, 0);
    report.cursor = std::move(*cursor);
    return report;
}

Report Worker::feed(Job const& job) {
    auto chunk = reader->read(job.after, job.through, job.max_bytes);
    if (!chunk) {
        if (chunk.error().code != Errc::corrupt) {
            return reported(Report::What::unread, 0, std::move(chunk.error()));
        }
        return skip(job, std::move(chunk.error().message));
    }
    if (chunk->first_seq != job.after + 1) {
        return skip(job, "forgotten before it was read");
    }
    return hand_over(job, *chunk);
}

Report Worker::hand_over(Job const& job, JournalChunk const& chunk) {
    RecordStream records(chunk.frames, job.after, [this](Error const& error) {
        log.write(LogLevel::warn, name, "left out: " + error.message);
    });
    Cursor const next{job.journal_id, chunk.last_seq};
    auto const* const bad = job.work == FollowPlan::Work::bury ? records.next() : nullptr;
    auto const result = bad != nullptr ? sink->bury(job.expected, next, *bad, job.reason)
                                       : sink->take(job.expected, next, records);
    records.pass_rest();
    auto report = result ? reported(Report::What::moved, chunk.last_seq)
                         : reported(Report::What::refused, chunk.last_seq, result.error());
    report.alone = records.passed() <= 1;
    report.gone = records.gone();
    return report;
}

Report Worker::skip(Job const& job, std::string why) {
    auto const readable = reader->next_readable(job.after, job.newest);
    if (!readable) {
        return reported(Report::What::unread, 0, readable.error());
    }
    return reported(Report::What::skipped, *readable - 1, Error{Errc::corrupt, std::move(why)});
}

}  // namespace

class Follower::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(Journal const& journal, Worker worker, Lane& lane, Clock const& clock, Log& log,
         Options options)
        : lane_(lane),
          clock_(clock),
          log_(log),
          name_(std::move(options.name)),
          plan_(options.limits, options.unknown, journal.state().id, journal.state().last_seq),
          worker_(std::make_shared<Worker>(std::move(worker))) {}

    /// Timers need the address of an object that is whole.
    void make_timers(Timers& timers) {
        wake_ = timers.make([this] { advance(); });
        drained_ = timers.make([this] { end_drain(); });
    }

    void start() {
        started_ = true;
        advance();
    }

    void wrote(std::uint64_t last_seq) {
        plan_.wrote(last_seq, clock_.now().steady);
        advance();
    }

    void try_again() {
        plan_.try_again();
        advance();
    }

    void drain(UniqueFunction<void()> done, SteadyTime deadline) {
        drain_done_ = std::move(done);
        plan_.hurry();
        drained_->arm(deadline);
        advance();
    }

    void stop() {
        stopped_ = true;
        wake_->disarm();
        drained_->disarm();
        drain_done_ = nullptr;
    }

    void advance();

    FollowPlan const& plan() const noexcept { return plan_; }
    HubCondition::Part const& condition() const noexcept { return condition_; }
    std::uint64_t lost() const noexcept { return lost_; }

    UniqueFunction<void()> on_progress;
    UniqueFunction<void(Gap)> on_gap;

private:
    void run(Job job);
    void take(Report const& report);
    void update_condition(Report const& report);
    void tell_gap(Gap gap);

    void end_drain() {
        if (auto done = std::exchange(drain_done_, nullptr)) {
            done();
        }
    }

    Lane& lane_;
    Clock const& clock_;
    Log& log_;
    std::string const name_;
    FollowPlan plan_;
    std::shared_ptr<Worker> worker_;  // its insides are touched by jobs only
    HubCondition::Part condition_;
    std::uint64_t lost_{0};
    bool started_{false};
    bool stopped_{false};
    UniqueFunction<void()> drain_done_;
    std::unique_ptr<Timer> wake_;
    std::unique_ptr<Timer> drained_;
};

void Follower::Impl::advance() {
    if (!started_ || stopped_) {
        return;
    }
    auto const now = clock_.now().steady;
    auto next = plan_.next(now);
    if (next.job) {
        run(std::move(*next.job));
    } else if (next.wake) {
        wake_->arm(*next.wake);
    }
    if (drain_done_ && plan_.idle()) {
        drained_->arm(now);
    }
}

void Follower::Impl::run(Job job) {
    bool const taken = submit_to(
        lane_, [worker = worker_, job = std::move(job)] { return worker->run(job); },
        [weak = weak_from_this()](Report const& report) {
            if (auto const self = weak.lock()) {
                self->take(report);
            }
        });
    if (!taken) {
        plan_.not_taken(clock_.now().steady);
        advance();
    }
}

void Follower::Impl::take(Report const& report) {
    if (stopped_) {
        return;
    }
    auto consequence = plan_.take(report, clock_.now().steady);
    update_condition(report);
    lost_ += report.what == Report::What::moved ? report.gone : 0;
    if (consequence.gap) {
        tell_gap(std::move(*consequence.gap));
    }
    if (consequence.progressed && on_progress) {
        on_progress();
    }
    advance();
}

void Follower::Impl::tell_gap(Gap gap) {
    gap.follower = name_;
    lost_ += gap.to - gap.from + 1;
    gap.at = clock_.now().wall;
    log_.write(LogLevel::error, name_,
               "records " + std::to_string(gap.from) + " to " + std::to_string(gap.to) +
                   " are lost: " + gap.why);
    if (on_gap) {
        on_gap(std::move(gap));
    }
}

void Follower::Impl::update_condition(Report const& report) {
    bool const working = !plan_.failing();
    if (!working) {
        condition_.problem = report.error.message;
    }
    if (working == condition_.working) {
        return;
    }
    condition_.working = working;
    if (working) {
        condition_.problem.clear();
        condition_.since.reset();
        log_.write(LogLevel::info, name_, "works again");
    } else {
        condition_.since = clock_.now().steady;
        log_.write(LogLevel::warn, name_, "is away: " + condition_.problem);
    }
}

Follower::Follower(Journal const& journal, std::unique_ptr<JournalReader> reader,
                   std::unique_ptr<FollowerSink> sink, Lane& lane, Clock const& clock,
                   Timers& timers, Log& log, Options options) {
    Worker worker{std::move(reader), std::move(sink), log, options.name};
    impl_ =
        std::make_shared<Impl>(journal, std::move(worker), lane, clock, log, std::move(options));
    impl_->make_timers(timers);
}

Follower::~Follower() {
    impl_->stop();
}

void Follower::start() {
    impl_->start();
}

void Follower::wrote(std::uint64_t last_seq) {
    impl_->wrote(last_seq);
}

std::optional<std::uint64_t> Follower::position() const {
    return impl_->plan().position();
}

HubCondition::Part const& Follower::condition() const {
    return impl_->condition();
}

std::uint64_t Follower::lost() const noexcept {
    return impl_->lost();
}

void Follower::try_again() {
    impl_->try_again();
}

void Follower::on_progress(UniqueFunction<void()> progress) {
    impl_->on_progress = std::move(progress);
}

void Follower::on_gap(UniqueFunction<void(Gap)> gap) {
    impl_->on_gap = std::move(gap);
}

void Follower::drain(UniqueFunction<void()> done, SteadyTime deadline) {
    impl_->drain(std::move(done), deadline);
}

void Follower::stop() {
    impl_->stop();
}

}  // namespace muster
