#include <muster/recording/journal_lag.hpp>

#include <algorithm>
#include <utility>

namespace muster {
namespace {

constexpr Millis kTogether{50};
constexpr std::size_t kMaxMarks = 512;
/// Marks are joined that lie this many times longer back than they reach.
constexpr int kCoarse = 8;

}  // namespace

void JournalLag::wrote(std::uint64_t seq, SteadyTime at) {
    if (!marks_.empty() && at - marks_.back().first_at < kTogether) {
        marks_.back().last_seq = seq;
        return;
    }
    if (marks_.size() == kMaxMarks) {
        thin_out();
    }
    marks_.push_back({seq, at});
}

Micros JournalLag::behind(std::uint64_t position, SteadyTime now) const {
    auto const oldest = std::find_if(marks_.begin(), marks_.end(), [position](Mark const& mark) {
        return mark.last_seq > position;
    });
    return oldest == marks_.end()
               ? Micros(0)
               : std::max(std::chrono::duration_cast<Micros>(now - oldest->first_at), Micros(0));
}

void JournalLag::passed(std::uint64_t seq) {
    std::erase_if(marks_, [seq](Mark const& mark) { return mark.last_seq <= seq; });
}

/// Joins neighbours that reach over a short time for their age. That always leaves room: between
/// 50 ms and a year there are about 170 steps of an eighth, and no two neighbours that stay fit
/// into one.
void JournalLag::thin_out() {
    auto const now = marks_.back().first_at;
    std::vector<Mark> kept;
    kept.reserve(kMaxMarks);
    for (std::size_t index = 0; index < marks_.size(); ++index) {
        auto const& mark = marks_[index];
        auto const end = index + 1 < marks_.size() ? marks_[index + 1].first_at : now;
        if (!kept.empty() && (end - kept.back().first_at) * kCoarse < now - end) {
            kept.back().last_seq = mark.last_seq;
        } else {
            kept.push_back(mark);
        }
    }
    marks_ = std::move(kept);
}

}  // namespace muster
