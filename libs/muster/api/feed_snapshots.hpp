#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <muster/api/message.hpp>
#include <muster/api/read_model.hpp>
#include <muster/base/result.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/domain/record.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/lane.hpp>

namespace muster {

/// Snapshots of the registry for `GET /api/feed`. Copying the fleet costs the loop, and writing it
/// costs the lane: both are done once for all who ask at about the same time. A snapshot that is a
/// little old is as good as a new one, for the records behind its position bring what it lacks; but
/// what was registered before somebody asked is in it. One text is kept, until a newer one is asked
/// for. Edge's loop only; held by a shared_ptr, since the lane's answers come back to it.
class FeedSnapshots : public std::enable_shared_from_this<FeedSnapshots> {
public:
    /// Statuses and figures may be older than the newest by this.
    static constexpr Millis kSharedFor{1'000};

    /// All three outlive it.
    FeedSnapshots(ReadModel const& model, Lane& lane, Clock const& clock)
        : model_(model), lane_(lane), clock_(clock) {}

    struct Made {
        Position position;  ///< Of the newest record behind it.
        SharedText json;
    };
    using Done = UniqueFunction<void(Result<Made>)>;

    /// `done` runs once, inside the call where one is there. `behind`: the place that the consumer
    /// has; a snapshot that is not newer does not help it. Error: full (the lane takes no more).
    void ask(std::optional<Position> behind, Done done);

private:
    /// As of when a picture is.
    struct Moment {
        Position position;
        std::uint64_t registry_revision{0};
        SteadyTime at{};
    };
    struct Job {
        Moment moment;
        std::vector<Done> waiting;
    };

    [[nodiscard]] bool serves(Moment const& moment, std::optional<Position> behind) const;
    void begin(Done done);

    ReadModel const& model_;
    Lane& lane_;
    Clock const& clock_;
    std::optional<Moment> newest_;
    SharedText json_;           ///< Of the newest.
    std::shared_ptr<Job> job_;  ///< The newest on the lane; null: none.
};

}  // namespace muster
