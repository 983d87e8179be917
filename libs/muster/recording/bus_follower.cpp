#include <muster/recording/bus_follower.hpp>

#include <utility>

#include <muster/recording/journal_record.hpp>

namespace muster {
namespace {

class BusSink final : public FollowerSink {
public:
    BusSink(EventBus& bus, std::unique_ptr<BusTranslator> translator, Clock const& clock,
            BusFollower::Options const& options)
        : bus_(bus),
          translator_(std::move(translator)),
          clock_(clock),
          hub_id_(options.hub_id),
          max_age_(options.max_age),
          routine_(options.routine) {}

    Result<std::optional<Cursor>> cursor() override { return bus_.cursor(hub_id_); }

    Result<void> take(Cursor const& expected, Cursor const& next, RecordStream& records) override {
        BusBatch batch{hub_id_, expected, next, {}, {}};
        auto const oldest = clock_.now().wall - max_age_;
        while (auto const* const record = routine_ ? records.next() : records.next_lasting()) {
            translator_->add(*record, time_of(record->body) >= oldest, batch);
        }
        translator_->end(batch);
        return bus_.publish(batch);
    }

    Result<void> bury(Cursor const& expected, Cursor const& next, Record const& /*record*/,
                      std::string const& /*reason*/) override {
        return bus_.publish(BusBatch{hub_id_, expected, next, {}, {}});
    }

private:
    EventBus& bus_;
    std::unique_ptr<BusTranslator> translator_;
    Clock const& clock_;
    std::string const hub_id_;
    Millis const max_age_;
    bool const routine_;
};

Follower::Options options_of(BusFollower::Options const& options) {
    Follower::Options core;
    core.name = "bus";
    core.unknown = FollowPlan::Unknown::from_end;
    core.limits = {options.max_records, options.max_bytes,     options.linger,
                   options.retry_first, options.retry_longest, options.chance};
    return core;
}

}  // namespace

BusFollower::BusFollower(Journal const& journal, std::unique_ptr<JournalReader> reader,
                         EventBus& bus, std::unique_ptr<BusTranslator> translator, Lane& lane,
                         Clock const& clock, Timers& timers, Log& log, Options const& options)
    : Follower(journal, std::move(reader),
               std::make_unique<BusSink>(bus, std::move(translator), clock, options), lane, clock,
               timers, log, options_of(options)) {}

}  // namespace muster
