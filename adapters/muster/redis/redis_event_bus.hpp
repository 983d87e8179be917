#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <muster/base/time.hpp>
#include <muster/domain/redis_address.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/event_bus.hpp>
#include <muster/ports/log.hpp>
#include <muster/ports/server_answers.hpp>

namespace muster {

/// The bus over a Redis 7: messages go to its channels, entries to its streams, and the cursor of a
/// hub lies beside them, moved in the same transaction. One hub at a time may publish under a
/// hub_id: a lease in Redis says who. Connects when it is called and reconnects at the next call;
/// who calls backs off. See decision 0231.
class RedisEventBus final : public EventBus, public ServerAnswers {
public:
    struct Options {
        RedisAddress address;
        /// Who we are among those that might publish under a hub_id: the journal's id, so that a
        /// hub which was killed is let in again at once.
        std::string owner;
        /// A hub that says nothing for so long has left its hub_id to others.
        Millis lease{15'000};
        Millis connect_within{1'500};
        Millis answer_within{5'000};  ///< For all answers to one batch.
        /// Of each stream, about: older entries go. Fewer where they are large: see stream_bytes.
        std::uint64_t stream_entries{100'000};
        /// Of each stream, about, by the size of entries lately.
        std::uint64_t stream_bytes{std::uint64_t{512} << 20U};
    };

    RedisEventBus(Options options, Clock const& clock, Log& log);
    ~RedisEventBus() override;  // subscriptions may outlive it
    RedisEventBus(RedisEventBus const&) = delete;
    RedisEventBus& operator=(RedisEventBus const&) = delete;

    [[nodiscard]] Result<std::optional<Cursor>> cursor(std::string const& hub_id) override;
    [[nodiscard]] Result<void> publish(BusBatch const& batch) override;
    [[nodiscard]] Result<void> announce(std::string const& hub_id,
                                        std::vector<BusMessage> const& messages) override;

    [[nodiscard]] std::uint64_t answers() const override;

    /// Blocks until Redis has taken the subscription, at most for connect_within; goes on trying
    /// afterwards, and whenever the connection is lost. Any thread. `clock` and `log` must outlive
    /// the subscription.
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(
        std::string pattern, UniqueFunction<void(BusMessage const&)> receive) override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
