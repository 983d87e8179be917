#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <muster/api/live.hpp>
#include <muster/api/live_channels.hpp>
#include <muster/api/read_model.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/timers.hpp>

namespace muster {

/// The live map of all projects: `/ws/status`. A client gets the whole map when it joins and then
/// the newest after changes, at most once per `min_gap` and within a rate of bytes; what happens in
/// between is coalesced, also for a client that is slow in taking its last frame. A client that
/// subscribed, or joined with `?channels=`, sees the channels it named: `status-update` for all,
/// `project:<name>` for one.
///
/// All clients that see the same share one encoded frame, as long as what is kept of them is within
/// its bytes, and one moment: changes go out in passes that are a gap apart. Who joins between two
/// is shown the map at once and joins the second pass after that: its first gap may be two.
/// Edge's loop only.
class StatusFeed final : public Feed {
public:
    struct Options {
        Millis min_gap{250};
        std::size_t bytes_per_second{4'000'000};  ///< To one client; large frames come less often.
        /// Of frames about some projects alone that are kept for others who see the same, with
        /// those projects' names; beyond it keeping begins anew.
        std::size_t narrowed_bytes{8U << 20U};
    };

    /// All three outlive the feed; the feed outlives its sessions.
    StatusFeed(ReadModel& model, Timers& timers, Clock const& clock)
        : StatusFeed(model, timers, clock, Options{}) {}
    StatusFeed(ReadModel& model, Timers& timers, Clock const& clock, Options options);
    ~StatusFeed() override;
    StatusFeed(StatusFeed const&) = delete;
    StatusFeed& operator=(StatusFeed const&) = delete;

    [[nodiscard]] std::optional<std::string> objection(Request const& request) const override;
    [[nodiscard]] std::unique_ptr<LiveSession> join(Request const& request,
                                                    LiveClient& client) override;
    /// For who has read the request already.
    [[nodiscard]] std::unique_ptr<LiveSession> join(LiveChannels channels, LiveClient& client);

    /// The model may show something new.
    void changed();

    [[nodiscard]] std::size_t clients() const noexcept { return sessions_.size(); }

    /// Kept of frames about some projects.
    [[nodiscard]] std::size_t narrowed_bytes() const noexcept { return picture_.narrowed_bytes; }

    /// Pictures that a client was not sent because it was still taking an older one.
    [[nodiscard]] std::uint64_t coalesced() const noexcept { return coalesced_; }

private:
    class Session;

    /// One version of the model, as frames. Each is encoded when the first client wants it.
    struct Picture {
        std::uint64_t version{0};
        SharedText whole;
        std::map<std::string, SharedText, std::less<>> narrowed;  ///< By the projects named.
        std::size_t narrowed_bytes{0};  ///< Of both; within the options', but for a single one.
    };

    void renew();
    void tick();
    void arm(SteadyTime at);
    [[nodiscard]] Millis gap_after(std::string const& frame) const;

    ReadModel& model_;
    Clock const& clock_;
    Options const options_;
    Picture picture_;
    std::list<Session*> sessions_;
    std::uint64_t ticked_version_{0};
    std::uint64_t coalesced_{0};
    SteadyTime last_tick_{};
    SteadyTime whole_due_{};  ///< The whole map goes out to nobody who has had it before this.
    SteadyTime armed_for_{SteadyTime::max()};
    std::unique_ptr<Timer> timer_;  // last: it calls back
};

}  // namespace muster
