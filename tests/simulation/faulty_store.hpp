#pragma once

#include <cstdint>

#include <muster/memory/simulated_loop.hpp>
#include <muster/ports/server_answers.hpp>
#include <muster/ports/store.hpp>

#include "random.hpp"

namespace muster::simulation {

/// A store with bad days: away for minutes at a time, and now and then a transaction whose outcome
/// is not told: applied or not.
class FaultyStore final : public ResultStore, public ServerAnswers {
public:
    FaultyStore(ResultStore& store, SimulatedLoop& loop, Random random);

    [[nodiscard]] Result<Cursor> cursor(std::string const& hub_id) override;
    [[nodiscard]] Result<void> append(StoreBatch const& batch) override;
    void keep_since(KeptSince const& kept) override { store_.keep_since(kept); }
    [[nodiscard]] std::uint64_t too_old() const override { return store_.too_old(); }
    [[nodiscard]] std::uint64_t answers() const override { return answers_; }
    [[nodiscard]] Result<void> bury(StoreBatch const& batch, std::string const& reason) override;
    [[nodiscard]] Result<RollupState> rollup_state(std::string const& hub_id) override;
    [[nodiscard]] Result<void> roll_up(RollupBatch const& batch) override;
    [[nodiscard]] Result<void> note_alive(std::string const& hub_id, WallTime at) override;
    [[nodiscard]] Result<bool> forget(Retention const& retention) override;

    /// From now on it works.
    void heal() { healed_ = true; }

    struct Figures {
        std::size_t away{0};
        std::size_t in_doubt_applied{0};
        std::size_t in_doubt_lost{0};
    };
    [[nodiscard]] Figures const& figures() const noexcept { return figures_; }

private:
    [[nodiscard]] bool away();
    template <class Answer>
    [[nodiscard]] Answer heard(Answer answer);
    template <class Write>
    [[nodiscard]] Result<void> try_to(Write write);

    ResultStore& store_;
    SimulatedLoop& loop_;
    Random random_;
    bool healed_{false};
    SteadyTime away_from_{};
    SteadyTime away_until_{};
    Figures figures_;
    std::uint64_t answers_{0};  ///< Of a store that is there.
};

}  // namespace muster::simulation
