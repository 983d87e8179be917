#include <muster/recording/follower.hpp>

#include <utility>

namespace muster {
namespace {

class StoreSink final : public FollowerSink {
public:
    StoreSink(ResultStore& store, std::string hub_id) : store_(store), hub_id_(std::move(hub_id)) {}

    Result<std::optional<Cursor>> cursor() override {
        auto cursor = store_.cursor(hub_id_);
        if (!cursor) {
            return tl::unexpected(std::move(cursor.error()));
        }
        return std::move(*cursor);
    }

    Result<void> take(Cursor const& expected, Cursor const& next, RecordStream& records) override {
        return store_.append(StoreBatch{hub_id_, expected, next, records.rest()});
    }

    Result<void> bury(Cursor const& expected, Cursor const& next, Record const& record,
                      std::string const& reason) override {
        return store_.bury(StoreBatch{hub_id_, expected, next, {record}}, reason);
    }

private:
    ResultStore& store_;
    std::string const hub_id_;
};

Follower::Options options_of(StoreFollower::Options const& options) {
    Follower::Options core;
    core.name = "store";
    core.unknown = FollowPlan::Unknown::from_start;
    core.limits = {options.max_records, options.max_bytes,     options.linger,
                   options.retry_first, options.retry_longest, options.chance};
    return core;
}

}  // namespace

StoreFollower::StoreFollower(Journal const& journal, std::unique_ptr<JournalReader> reader,
                             ResultStore& store, Lane& lane, Clock const& clock, Timers& timers,
                             Log& log, Options const& options)
    : Follower(journal, std::move(reader), std::make_unique<StoreSink>(store, options.hub_id), lane,
               clock, timers, log, options_of(options)) {}

}  // namespace muster
