#include <muster/hub/bus_documents.hpp>

#include <utility>
#include <variant>

#include <muster/codec/record_json.hpp>
#include <muster/recording/journal_record.hpp>

namespace muster {
namespace {

/// Of one entry: a reader takes it as a whole.
constexpr std::size_t kMostBytes = std::size_t{64} << 10U;

}  // namespace

void BusDocuments::begin(std::map<ServiceId, SharedService> const& services,
                         std::vector<Tombstone> const& gone) {
    if (!streams_) {
        return;
    }
    services_ = services;
    for (auto const& tombstone : gone) {
        if (tombstone.name.empty()) {
            continue;  // of a project
        }
        Service service;
        service.id = ServiceId{tombstone.id};
        service.spec.project = tombstone.project;
        service.spec.name = tombstone.name;
        services_.try_emplace(service.id, share(std::move(service)));
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

/// Results tell the id of their service alone. One that was removed stays known: results of it may
/// lie behind.
void BusDocuments::note(Record const& record) {
    if (auto const* const changed = std::get_if<ServiceChanged>(&record.body)) {
        services_.insert_or_assign(changed->service.id, share(changed->service));
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
    if (!batch_.empty() &&
        (batch_.epoch() != record.position.epoch || batch_.size() >= kMostBytes)) {
        flush(batch);
    }
    Service const* service = nullptr;
    if (auto const* const result = std::get_if<CheckResult>(&record.body)) {
        auto const found = services_.find(result->service);
        service = found == services_.end() ? nullptr : found->second.get();
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
