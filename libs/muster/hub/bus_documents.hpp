#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <muster/codec/bus_json.hpp>
#include <muster/domain/service.hpp>
#include <muster/recording/bus_follower.hpp>

namespace muster {

/// What the hub's records become on the bus: changes of health and of the registry on channels,
/// and, where it is kept, everything for the stream `muster:health`.
class BusDocuments final : public BusTranslator {
public:
    static constexpr char const* kStream = "muster:health";
    static constexpr char const* kField = "batch";

    BusDocuments(std::string hub_id, bool streams)
        : hub_id_(hub_id), streams_(streams), batch_(std::move(hub_id)) {}

    /// The services as they are before the follower begins; records tell of what comes later.
    /// `gone`: their results may still have to be told.
    void begin(std::map<ServiceId, SharedService> const& services,
               std::vector<Tombstone> const& gone);

    void add(Record const& record, bool recent, BusBatch& batch) override;
    void end(BusBatch& batch) override;

private:
    void add_message(Record const& record, BusBatch& batch) const;
    void note(Record const& record);
    void forget_passed(Cursor const& passed);
    void flush(BusBatch& batch);

    std::string const hub_id_;
    bool const streams_;
    struct Named {
        HealthBatch::ServiceName name;
        std::uint64_t removed_by{0};  ///< Number of the record; 0: it is there, perhaps again.
    };

    std::map<ServiceId, Named> names_;
    std::map<std::uint64_t, ServiceId> removed_;  ///< By the number of the record that says so.
    HealthBatch batch_;
};

}  // namespace muster
