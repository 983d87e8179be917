#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <muster/ports/event_bus.hpp>
#include <muster/ports/server_answers.hpp>

#include "effects.hpp"
#include "random.hpp"

namespace muster::simulation {

/// A bus with bad days, and the one who listens to it. Away when it is told so; now and then the
/// outcome of a publication is not told, and then, where the bus does not remember how far the hub
/// is, the hub repeats it. What it delivers comes late, and some of it twice: the listener takes
/// each message once, by its id. Who reads its stream is told each record once, in order.
class FaultyBus final : public EventBus, public ServerAnswers {
public:
    struct Options {
        bool remembers{true};  ///< Keeps the hub's cursor, as Redis does; the one in process not.
    };

    FaultyBus(SimulatedLoop& loop, Random random, Options options);

    [[nodiscard]] Result<std::optional<Cursor>> cursor(std::string const& hub_id) override;
    [[nodiscard]] Result<void> publish(BusBatch const& batch) override;
    [[nodiscard]] Result<void> announce(std::string const& hub_id,
                                        std::vector<BusMessage> const& messages) override;
    [[nodiscard]] std::uint64_t answers() const override { return answers_; }
    /// Nobody but its own listener hears it.
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(
        std::string pattern, UniqueFunction<void(BusMessage const&)> receive) override;

    /// Records that it has may be gone from the hub's journal, and their numbers given again.
    void power_was_lost() { goes_back_ = true; }

    /// The last record that its stream holds.
    [[nodiscard]] std::uint64_t streamed() const noexcept { return streamed_; }

    /// What a process tries that is dead does not happen. Of the process that lives.
    void set_effects(Effects* effects) { effects_ = effects; }

    void set_away(bool away) { away_ = away; }
    void heal() {
        away_ = false;
        healed_ = true;
    }

    /// A message of this transition was heard: its payload as it came first; null: not.
    [[nodiscard]] std::string const* heard(Position position) const;

    [[nodiscard]] std::vector<std::string> const& complaints() const noexcept {
        return complaints_;
    }

    struct Figures {
        std::uint64_t heard{0};
        std::uint64_t twice{0};
        std::uint64_t refused{0};
        std::uint64_t in_doubt{0};
        std::uint64_t entries{0};
    };
    [[nodiscard]] Figures const& figures() const noexcept { return figures_; }

private:
    void hear(BusMessage const& message);
    void keep(BusEntry const& entry);

    SimulatedLoop& loop_;
    Random random_;
    Options const options_;
    Effects* effects_{nullptr};
    bool away_{false};
    bool healed_{false};
    std::optional<Cursor> cursor_;
    std::map<std::string, std::string> heard_;  ///< By the message's id.
    std::uint64_t streamed_{0};
    bool goes_back_{false};
    std::uint64_t answers_{0};
    Figures figures_;
    std::vector<std::string> complaints_;
};

}  // namespace muster::simulation
