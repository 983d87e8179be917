#include "faulty_store.hpp"

namespace muster::simulation {

FaultyStore::FaultyStore(ResultStore& store, SimulatedLoop& loop, Random random)
    : store_(store), loop_(loop), random_(random) {}

bool FaultyStore::away() {
    auto const now = loop_.now().steady;
    if (healed_) {
        return false;
    }
    while (now >= away_until_) {
        away_from_ = away_until_ + std::chrono::seconds(random_.between(600, 4 * 3600));
        away_until_ = away_from_ + std::chrono::seconds(random_.between(1, 900));
    }
    bool const is_away = now >= away_from_;
    figures_.away += is_away ? 1 : 0;
    return is_away;
}

template <class Answer>
Answer FaultyStore::heard(Answer answer) {
    answers_ += answer ? 1 : 0;
    return answer;
}

Result<Cursor> FaultyStore::cursor(std::string const& hub_id) {
    if (away()) {
        return failure(Errc::unavailable, "the store is away");
    }
    return heard(store_.cursor(hub_id));
}

template <class Write>
Result<void> FaultyStore::try_to(Write write) {
    if (away()) {
        return failure(Errc::unavailable, "the store is away");
    }
    if (!healed_ && random_.one_in(200)) {
        if (random_.one_in(2)) {
            ++figures_.in_doubt_lost;
        } else if (write()) {
            ++figures_.in_doubt_applied;
        }
        return failure(Errc::in_doubt, "connection lost during commit");
    }
    return heard(write());
}

Result<void> FaultyStore::append(StoreBatch const& batch) {
    return try_to([&] { return store_.append(batch); });
}

Result<RollupState> FaultyStore::rollup_state(std::string const& hub_id) {
    if (away()) {
        return failure(Errc::unavailable, "the store is away");
    }
    return heard(store_.rollup_state(hub_id));
}

Result<void> FaultyStore::roll_up(RollupBatch const& batch) {
    return try_to([&] { return store_.roll_up(batch); });
}

Result<void> FaultyStore::bury(StoreBatch const& batch, std::string const& reason) {
    return heard(store_.bury(batch, reason));
}

Result<void> FaultyStore::note_alive(std::string const& hub_id, WallTime at) {
    return try_to([&] { return store_.note_alive(hub_id, at); });
}

Result<bool> FaultyStore::forget(Retention const& retention) {
    return heard(store_.forget(retention));
}

}  // namespace muster::simulation
