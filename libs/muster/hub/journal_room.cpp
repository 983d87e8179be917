#include <muster/hub/journal_room.hpp>

#include <string>
#include <utility>

namespace muster {
namespace {

/// After a failure: reading a segment again costs, and the disk may stay full.
constexpr Millis kPause{30'000};

}  // namespace

void JournalRoom::look() {
    auto const given_up = journal_.state().given_up;
    if (given_up > told_) {
        log_.write(LogLevel::warn, "journal",
                   "near its limit: " + std::to_string(given_up - told_) + " records gave way");
        told_ = given_up;
    }
    if (working_ || clock_.now().steady < not_before_) {
        return;
    }
    auto job = journal_.shrink_job();
    if (job) {
        working_ = submit_to(lane_, std::move(job),
                             [this](Result<void> result) { finished(std::move(result)); });
    }
}

void JournalRoom::finished(Result<void> result) {
    working_ = false;
    if (!result) {
        log_.write(LogLevel::warn, "journal", "cannot shrink: " + result.error().message);
        not_before_ = clock_.now().steady + kPause;
    }
    journal_.shrunk(std::move(result));
    look();
}

}  // namespace muster
