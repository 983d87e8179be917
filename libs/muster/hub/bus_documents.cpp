#include <muster/hub/bus_documents.hpp>

#include <utility>
#include <variant>

#include <muster/codec/record_json.hpp>
#include <muster/recording/journal_record.hpp>

namespace muster {
namespace {

/// Of one entry: a reader takes it as a whole.
constexpr std::size_t kMostBytes = std::size_t{64} << 10U;
/// Whose names are kept although the bus has all that was before their removal.
constexpr std::size_t kMostRemoved = 1'000;

}  // namespace

void BusDocuments::begin(std::map<ServiceId, SharedService> const& services,
                         std::vector<Tombstone> const& gone) {
    if (!streams_) {
        return;
    }
    names_.clear();
    removed_.clear();
    for (auto const& [id, service] : services) {
        names_[id] = {{service->spec.project, service->spec.name}};
    }
    for (auto const& tombstone : gone) {
        if (!tombstone.name.empty()) {  // else of a project
            names_.try_emplace(ServiceId{tombstone.id}, Named{{tombstone.project, tombstone.name}});
        }
    }
}

void BusDocuments::add_message(Record const& record, BusBatch& batch) const {
    auto const channel = [this](std::string_view what) {
        return "hub." + hub_id_ + "." + std::string(what);
    };
    if (auto const* const transition = std::get_if<Transition>(&record.body)) {
        batch.messages.push_back({channel("health." + transition->project + "." + transition->name),
                                  encode_health_change(hub_id_, record.position, *transition)});
    } else if (auto const* const changed = std::get_if<ServiceChanged>(&record.body)) {
        batch.messages.push_back(
            {channel("service.registered"), encode_service_registered(hub_id_, changed->service)});
    } else if (auto const* const removed = std::get_if<ServiceRemoved>(&record.body)) {
        batch.messages.push_back(
            {channel("service.deregistered"), encode_service_deregistered(hub_id_, *removed)});
    }
}

/// Results tell the id of their service alone. One that was removed stays known for a while:
/// results of it may lie behind.
void BusDocuments::note(Record const& record) {
    if (auto const* const changed = std::get_if<ServiceChanged>(&record.body)) {
        auto const& spec = changed->service.spec;
        names_[changed->service.id] = {{spec.project, spec.name}};
    } else if (auto const* const removed = std::get_if<ServiceRemoved>(&record.body)) {
        auto& named =
            names_.try_emplace(removed->id, Named{{removed->project, removed->name}}).first->second;
        named.removed_by = record.position.seq;
        removed_[record.position.seq] = removed->id;
    }
}

/// Of the removals that the bus has, all but the newest: it may go back to an older copy.
void BusDocuments::forget_passed(Cursor const& passed) {
    while (removed_.size() > kMostRemoved && removed_.begin()->first <= passed.seq) {
        auto const named = names_.find(removed_.begin()->second);
        if (named != names_.end() && named->second.removed_by == removed_.begin()->first) {
            names_.erase(named);  // else it has come again, under the same id
        }
        removed_.erase(removed_.begin());
    }
}

void BusDocuments::add(Record const& record, bool recent, BusBatch& batch) {
    if (recent) {
        add_message(record, batch);
    }
    if (!streams_) {
        return;
    }
    note(record);
    forget_passed(batch.expected);
    if (!batch_.empty() &&
        (batch_.epoch() != record.position.epoch || batch_.size() >= kMostBytes)) {
        flush(batch);
    }
    HealthBatch::ServiceName const* service = nullptr;
    if (auto const* const result = std::get_if<CheckResult>(&record.body)) {
        auto const found = names_.find(result->service);
        service = found == names_.end() ? nullptr : &found->second.name;
    }
    batch_.add(record, time_of(record.body), service);
}

void BusDocuments::end(BusBatch& batch) {
    if (!batch_.empty()) {
        flush(batch);
    }
}

void BusDocuments::flush(BusBatch& batch) {
    batch.entries.push_back({kStream, kField, batch_.take()});
}

}  // namespace muster
