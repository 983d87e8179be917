#include <muster/hub/journal_room.hpp>

#include <string>
#include <utility>

namespace muster {
namespace {

/// After a failure: reading a segment again costs, and the disk may stay full.
constexpr Millis kPause{30'000};
/// Between two lines that say the same.
constexpr Millis kTellEvery{60'000};

}  // namespace

void JournalRoom::look() {
    tell();
    if (working_ || clock_.now().steady < not_before_) {
        return;
    }
    auto job = journal_.shrink_job();
    if (job) {
        working_ = submit_to(lane_, std::move(job),
                             [this](Result<void> result) { finished(std::move(result)); });
    }
}

void JournalRoom::tell() {
    auto const given_up = journal_.state().given_up;
    auto const now = clock_.now().steady;
    if (given_up <= told_ || now < tell_again_at_) {
        return;
    }
    log_.write(LogLevel::warn, "journal",
               "near its limit: " + std::to_string(given_up - told_) + " records gave way");
    told_ = given_up;
    tell_again_at_ = now + kTellEvery;
}

void JournalRoom::finished(Result<void> result) {
    working_ = false;
    if (!result) {
        auto const now = clock_.now().steady;
        if (now >= complain_again_at_) {
            log_.write(LogLevel::warn, "journal", "cannot shrink: " + result.error().message);
            complain_again_at_ = now + kTellEvery;
        }
        not_before_ = now + kPause;
    }
    journal_.shrunk(std::move(result));
    look();
}

}  // namespace muster
