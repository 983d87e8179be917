#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <muster/api/live.hpp>
#include <muster/api/live_channels.hpp>
#include <muster/api/read_model.hpp>
#include <muster/domain/fleet_delta.hpp>
#include <muster/ports/clock.hpp>

namespace muster {

/// What a delta tells a feed beside the rows that the model takes.
struct HealthNews {
    bool reset{false};
    std::vector<ServiceId> removed;
    std::vector<ServiceId> touched;  ///< Checked, changed, or new.
    std::vector<Transition> transitions;

    [[nodiscard]] static HealthNews of(FleetDelta const& delta);
};

/// Every change of every service, numbered: `/ws/health`. A client gets one snapshot when it joins
/// and then each change at once; one that tells where it stood (`?since=E:N`) gets what it missed
/// instead, while that is still held. A client that is slow falls behind what is held and is shown
/// the newest snapshot then: it costs no memory but its place. All clients share the encoded
/// frames; snapshots are kept for those who ask for the same a moment later, at most 64 of them and
/// `snapshot_bytes`. A client may choose channels: `health` for all changes, `project:<name>` for
/// those of one, `snapshot` for the picture alone. Edge's loop only.
///
/// Beside a new status, a change is: a service was registered, its definition or its overlays
/// changed, or it was removed. Applying the frames to a snapshot therefore gives every later one,
/// but for what changes with each check (times, figures).
class HealthFeed final : public Feed {
public:
    struct Options {
        std::size_t held_frames{10'000};
        std::size_t held_bytes{8U << 20U};  ///< Of their text.
        /// A large snapshot is made anew only after as long as a client of this rate takes it.
        std::size_t bytes_per_second{4'000'000};
        /// Of snapshots kept for the next who ask for the same; the newest one is kept however
        /// large it is.
        std::size_t snapshot_bytes{32U << 20U};
    };

    struct Counters {
        std::uint64_t changes{0};    ///< Frames that were numbered.
        std::uint64_t resumed{0};    ///< Clients that went on without a snapshot.
        std::uint64_t too_late{0};   ///< Clients whose place was not held any more, or not ours.
        std::uint64_t coalesced{0};  ///< Times that a slow client was shown a snapshot instead.
    };

    /// Both outlive the feed; the feed outlives its sessions.
    HealthFeed(ReadModel const& model, Clock const& clock) : HealthFeed(model, clock, Options{}) {}
    HealthFeed(ReadModel const& model, Clock const& clock, Options options);
    ~HealthFeed() override;
    HealthFeed(HealthFeed const&) = delete;
    HealthFeed& operator=(HealthFeed const&) = delete;

    [[nodiscard]] std::optional<std::string> objection(Request const& request) const override;
    [[nodiscard]] std::unique_ptr<LiveSession> join(Request const& request,
                                                    LiveClient& client) override;
    /// For who has read the request already.
    [[nodiscard]] std::unique_ptr<LiveSession> join(LiveChannels channels,
                                                    std::optional<LivePosition> since,
                                                    LiveClient& client);

    /// The model has taken the delta that told this.
    void applied(HealthNews const& news);

    [[nodiscard]] LivePosition position() const noexcept { return {epoch_, seq_}; }
    [[nodiscard]] std::size_t clients() const noexcept { return sessions_.size(); }
    [[nodiscard]] std::size_t held() const noexcept { return held_.size(); }
    [[nodiscard]] std::size_t held_bytes() const noexcept { return held_bytes_; }
    /// Of the snapshots that are kept.
    [[nodiscard]] std::size_t snapshot_bytes() const noexcept;
    [[nodiscard]] Counters const& counters() const noexcept { return counters_; }

private:
    class Session;

    /// A service as the newest frame shows it.
    struct Told {
        std::shared_ptr<Service const> service;
        HealthStatus status{HealthStatus::unknown};
        Overlays overlays{};
    };
    /// A numbered frame, and whom it is about.
    struct Held {
        SharedText text;
        std::string project;
        std::string project_id;
    };
    struct Snapshot {
        SharedText text;
        std::uint64_t seq{0};
        SteadyTime made_at{};
    };

    void begin_again();
    void remove(ServiceId id);
    void tell(Transition const& transition);
    void compare(ServiceId id);
    void tell(Told& told, ServiceView const& shown, HealthStatus previous, std::string_view cause);
    void number(Service const& service, std::string_view object, HealthStatus previous,
                std::string_view reason, WallTime at, bool removed = false);
    void forget_old();

    [[nodiscard]] std::shared_ptr<Service const> registered(ServiceId id) const;
    [[nodiscard]] std::uint64_t first_held() const noexcept { return seq_ - held_.size() + 1; }
    [[nodiscard]] Held const& held_at(std::uint64_t seq) const { return held_[seq - first_held()]; }
    [[nodiscard]] Snapshot const& snapshot_of(LiveChannels const& channels);
    void forget_snapshots();
    void make_room(std::size_t bytes);
    [[nodiscard]] bool is_fresh(Snapshot const& snapshot) const;
    [[nodiscard]] SharedText encode_snapshot(std::vector<ProjectId> const* projects) const;

    ReadModel const& model_;
    Clock const& clock_;
    Options const options_;
    std::uint64_t epoch_{0};
    std::uint64_t seq_{0};
    std::deque<Held> held_;
    std::size_t held_bytes_{0};
    std::unordered_map<ServiceId, Told> told_;
    std::map<std::string, Snapshot> snapshots_;  ///< By the projects shown; `*`: all.
    std::list<Session*> sessions_;
    Counters counters_;
};

}  // namespace muster
