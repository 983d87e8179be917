#include <muster/recording/follow_plan.hpp>

#include <algorithm>
#include <utility>

#include <muster/recording/back_off.hpp>

namespace muster {

FollowPlan::FollowPlan(Limits limits, Unknown unknown, std::string journal_id,
                       std::uint64_t last_seq)
    : limits_(limits),
      unknown_(unknown),
      journal_id_(std::move(journal_id)),
      tail_at_start_(last_seq),
      last_seq_(last_seq),
      batch_(limits.max_records),
      chance_(limits.chance.value_or(0)) {}

void FollowPlan::wrote(std::uint64_t last_seq, SteadyTime now) {
    if (last_seq <= last_seq_) {
        return;
    }
    if (after_ >= last_seq_) {
        waiting_since_ = now;
    }
    last_seq_ = last_seq;
}

FollowPlan::Next FollowPlan::next(SteadyTime now) {
    bool const pending = must_ask_ || after_ < last_seq_;
    if (under_way_ || !pending) {
        return {};
    }
    if (now < not_before_) {
        return {std::nullopt, not_before_};
    }
    if (!must_ask_ && !ready(now)) {
        return {std::nullopt, waiting_since_ + limits_.linger};
    }
    under_way_ = true;
    // What comes in from here on lingers on its own account.
    waiting_since_ = now;
    return {make_job(), std::nullopt};
}

FollowPlan::Consequence FollowPlan::take(Report const& report, SteadyTime now) {
    under_way_ = false;
    switch (report.what) {
        case Report::What::cursor:
            found(report.cursor);
            failures_ = 0;
            return {true, std::nullopt};
        case Report::What::moved:
            moved(report.last_seq);
            return {true, std::nullopt};
        case Report::What::skipped: {
            Gap gap;
            gap.from = std::exchange(after_, report.last_seq) + 1;
            gap.to = report.last_seq;
            gap.why = report.error.message;
            failures_ = 0;
            return {false, std::move(gap)};
        }
        case Report::What::refused:
            refused(report, now);
            return {};
        case Report::What::unread:
            wait(++failures_, now);
            return {};
    }
    return {};
}

void FollowPlan::not_taken(SteadyTime now) {
    under_way_ = false;
    not_before_ = now + limits_.retry_first;
}

std::optional<std::uint64_t> FollowPlan::position() const noexcept {
    return position_;
}

bool FollowPlan::idle() const noexcept {
    return !under_way_ && !must_ask_ && after_ >= last_seq_;
}

void FollowPlan::found(std::optional<Cursor> const& cursor) {
    bool const first = !std::exchange(seen_, true);
    auto const doubted = std::exchange(doubted_, 0);
    must_ask_ = false;
    auto const found = cursor.value_or(Cursor{});
    if (doubted != 0 && found == Cursor{journal_id_, doubted}) {
        moved(doubted);  // It had happened.
        return;
    }
    if (!first && (found == cursor_ || !cursor)) {
        return;  // It stands where it stood (or does not remember): so do we.
    }
    cursor_ = found;
    if (found.journal_id != journal_id_) {
        position_ = unknown_ == Unknown::from_end ? tail_at_start_ : 0;
    } else if (first) {
        // Ahead of the journal: a power loss took records back that the other side already has.
        // Their numbers go to others now, which it must get.
        position_ = std::min(found.seq, tail_at_start_);
    } else {
        position_ = found.seq;
    }
    after_ = *position_;
}

void FollowPlan::moved(std::uint64_t last_seq) {
    cursor_ = Cursor{journal_id_, last_seq};
    position_ = last_seq;
    after_ = last_seq;
    failures_ = 0;
    doubts_ = 0;
    bury_reason_.clear();
    batch_ = std::min<std::uint64_t>(limits_.max_records, batch_ * 2);
}

void FollowPlan::refused(Report const& report, SteadyTime now) {
    switch (report.error.code) {
        case Errc::conflict:
        case Errc::in_doubt:
            // Asking tells what is the case. At once the first time, then with patience.
            must_ask_ = true;
            doubted_ = report.error.code == Errc::in_doubt ? report.last_seq : 0;
            if (doubts_++ > 0) {
                wait(doubts_ - 1, now);
            }
            return;
        case Errc::invalid:
            if (must_ask_ || !bury_reason_.empty()) {
                break;  // Neither a question nor a burial can be invalid: something else is wrong.
            }
            if (report.alone || report.last_seq <= after_ + 1) {
                bury_reason_ = report.error.message.empty() ? "refused" : report.error.message;
            } else {
                batch_ = (report.last_seq - after_) / 2;
            }
            return;
        case Errc::not_found:
        case Errc::unavailable:
        case Errc::timed_out:
        case Errc::full:
        case Errc::corrupt:
        case Errc::unsupported:
        case Errc::internal:
            break;
    }
    wait(++failures_, now);
}

void FollowPlan::wait(unsigned failures, SteadyTime now) {
    auto const longest = back_off(limits_.retry_first, limits_.retry_longest, failures);
    not_before_ = now + (limits_.chance ? shortened(longest, chance_) : longest);
}

bool FollowPlan::ready(SteadyTime now) const {
    bool const searching = batch_ < limits_.max_records || !bury_reason_.empty();
    bool const repeating = failures_ > 0 || doubts_ > 0;
    return hurried_ || searching || repeating || last_seq_ - after_ >= limits_.max_records ||
           now >= waiting_since_ + limits_.linger;
}

FollowPlan::Job FollowPlan::make_job() {
    Job job;
    if (must_ask_) {
        return job;
    }
    job.work = bury_reason_.empty() ? Work::feed : Work::bury;
    job.expected = cursor_;
    job.journal_id = journal_id_;
    job.after = after_;
    job.through = std::min(last_seq_, after_ + (bury_reason_.empty() ? batch_ : 1));
    // While the other side is ahead of us (see found()), a move to where it already stands could
    // not be told from none if its end were unknown.
    bool const ahead = cursor_.journal_id == journal_id_ && cursor_.seq > after_ + 1;
    if (ahead && cursor_.seq <= job.through) {
        job.through = cursor_.seq - 1;
    }
    job.newest = last_seq_;
    job.max_bytes = limits_.max_bytes;
    job.reason = bury_reason_;
    return job;
}

}  // namespace muster
