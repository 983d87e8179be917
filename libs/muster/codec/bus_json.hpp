#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <muster/base/time.hpp>
#include <muster/domain/health.hpp>
#include <muster/domain/record.hpp>
#include <muster/domain/service.hpp>

namespace muster {

// The documents of the bus beside single changes (record_json): contract, section 6, and
// docs/events.md.

/// How all services of a hub are at one moment.
struct HealthSummary {
    struct Member {
        SharedService service;
        HealthStatus status{HealthStatus::unknown};
        std::optional<Millis> response_time;  ///< Nothing before the first check.
        bool running{false};
        std::uint16_t endpoints_healthy{0};
        std::uint16_t endpoints_total{0};        ///< 0: a probe of one.
        std::optional<WallTime> not_down_since;  ///< Nothing: it is down, or was not seen down.
    };

    std::string hub_id;
    std::string id;  ///< Of this document.
    WallTime at{};
    std::vector<SharedProject> projects;
    std::vector<Member> members;  ///< Of those projects.
};

/// `{"hub_id":…,"id":…,"timestamp":…,"overall_status":…,"services":[…],"projects":[…]}`. A project
/// is `running` where every service's last check got an answer that passed, `stopped` where none
/// did; overall is the status of a project whose services the projects were.
[[nodiscard]] std::string encode_health_summary(HealthSummary const& summary);

/// Gathers the records of one epoch for an entry of the stream `muster:health`.
class HealthBatch {
public:
    explicit HealthBatch(std::string hub_id) : hub_id_(std::move(hub_id)) {}

    struct ServiceName {
        std::string project;
        std::string name;
    };

    /// `at`: of the record; the newest is the document's. `service`: of a CheckResult, whom it is
    /// of; null: unknown, which leaves the result out, as one that does not count. Other records
    /// tell it themselves.
    void add(Record const& record, WallTime at, ServiceName const* service);

    [[nodiscard]] bool empty() const noexcept { return first_.seq == 0; }
    [[nodiscard]] std::uint64_t epoch() const noexcept { return first_.epoch; }
    /// In bytes, of all records in it.
    [[nodiscard]] std::size_t size() const noexcept {
        return results_.size() + transitions_.size() + changes_.size();
    }

    /// The document; the batch is empty afterwards.
    [[nodiscard]] std::string take();

private:
    std::string hub_id_;
    Position first_;
    Position last_;
    WallTime at_{};
    std::string results_;
    std::string transitions_;
    std::string changes_;
};

}  // namespace muster
