#include <muster/recording/rollup_follower.hpp>

#include <utility>

#include <muster/recording/rollup.hpp>

namespace muster {
namespace {

class RollupSink final : public FollowerSink {
public:
    RollupSink(ResultStore& store, std::string hub_id)
        : store_(store), hub_id_(std::move(hub_id)) {}

    /// Asked whenever the store may stand elsewhere than thought: the watches belong to its cursor.
    Result<std::optional<Cursor>> cursor() override {
        auto state = store_.rollup_state(hub_id_);
        if (!state) {
            return tl::unexpected(std::move(state.error()));
        }
        reducer_ = RollupReducer(*state);
        return std::move(state->cursor);
    }

    Result<void> take(Cursor const& expected, Cursor const& next, RecordStream& records) override {
        return roll_up(expected, next, reducer_.reduce(expected, next, records));
    }

    /// The raw follower keeps the record; here it adds nothing.
    Result<void> bury(Cursor const& expected, Cursor const& next, Record const& /*record*/,
                      std::string const& /*reason*/) override {
        return roll_up(expected, next, reducer_.reduce(expected, next, {}));
    }

private:
    Result<void> roll_up(Cursor const& expected, Cursor const& next, RollupReducer::Step step);

    ResultStore& store_;
    std::string const hub_id_;
    RollupReducer reducer_;
};

Result<void> RollupSink::roll_up(Cursor const& expected, Cursor const& next,
                                 RollupReducer::Step step) {
    RollupBatch batch;
    batch.hub_id = hub_id_;
    batch.expected = expected;
    batch.next = next;
    batch.known_until = step.known_until;
    batch.rows = std::move(step.rows);
    batch.watches = std::move(step.watches);
    batch.ended = std::move(step.ended);
    auto done = store_.roll_up(batch);
    if (done) {
        step.watches = std::move(batch.watches);
        step.ended = std::move(batch.ended);
        reducer_.apply(step);
    }
    return done;
}

Follower::Options options_of(RollupFollower::Options const& options) {
    Follower::Options core;
    core.name = "rollup";
    core.unknown = FollowPlan::Unknown::from_start;
    core.limits = {options.max_records, options.max_bytes,     options.linger,
                   options.retry_first, options.retry_longest, options.chance};
    return core;
}

}  // namespace

RollupFollower::RollupFollower(Journal const& journal, std::unique_ptr<JournalReader> reader,
                               ResultStore& store, Lane& lane, Clock const& clock, Timers& timers,
                               Log& log, Options const& options)
    : Follower(journal, std::move(reader), std::make_unique<RollupSink>(store, options.hub_id),
               lane, clock, timers, log, options_of(options)) {}

}  // namespace muster
