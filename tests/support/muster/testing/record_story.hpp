#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <muster/domain/record.hpp>
#include <muster/ports/store.hpp>

namespace muster::testing {

/// 2026-11-22T05:55:00.000Z.
inline constexpr WallTime kStart{Millis(1'795'326'900'000)};

inline Project a_project(std::int64_t id, std::string name) {
    Project project;
    project.id = {id};
    project.created_at = kStart;
    project.updated_at = kStart;
    project.spec.url = Url{"http", "127.0.0.1", 3010, "/", {}};
    project.spec.description = "what " + name + " is for";
    project.spec.name = std::move(name);
    return project;
}

inline Service a_service(std::int64_t id, Project const& project, std::string name) {
    Service service;
    service.id = {id};
    service.project_id = project.id;
    service.created_at = kStart;
    service.updated_at = kStart;
    service.spec.project = project.spec.name;
    service.spec.name = std::move(name);
    service.spec.type = ServiceType::api;
    service.spec.probe = HttpProbeSpec{Url{"http", "127.0.0.1", 3010, "/health", {}}};
    return service;
}

/// A check that passed and took 12 ms.
inline CheckResult passed_check(ServiceId service, WallTime accepted_at) {
    CheckResult result;
    result.service = service;
    result.started_at = accepted_at - Millis(12);
    result.accepted_at = accepted_at;
    result.outcome.verdict = Verdict::passed;
    result.outcome.http_status = 200;
    result.outcome.response_time = Micros(12'000);
    result.after = HealthState{HealthStatus::up, 0, 1};
    result.uptime_percent = 100;
    return result;
}

inline CheckResult failed_check(ServiceId service, WallTime accepted_at, std::string error) {
    auto result = passed_check(service, accepted_at);
    result.outcome.verdict = Verdict::failed;
    result.outcome.http_status = 0;
    result.outcome.error = std::move(error);
    result.after = HealthState{HealthStatus::down, 1, 0};
    result.uptime_percent = 99.5;
    return result;
}

inline Transition went(Service const& service, HealthStatus from, HealthStatus to, WallTime at) {
    Transition transition;
    transition.service = service.id;
    transition.project = service.spec.project;
    transition.name = service.spec.name;
    transition.from = from;
    transition.to = to;
    transition.at = at;
    transition.reason.count = 1;
    transition.reason.threshold = 1;
    if (to == HealthStatus::down) {
        transition.reason.cause = Cause::failures;
        transition.reason.error = "connection refused";
    }
    return transition;
}

/// Records as a hub's journal would number them, cut into batches as its follower would.
class RecordStory {
public:
    explicit RecordStory(std::string hub_id = "hub-main",
                         std::string journal_id = "6f1c3a52-0000-4000-8000-000000000001")
        : hub_id_(std::move(hub_id)), journal_id_(std::move(journal_id)) {}

    RecordStory& tell(RecordBody body) {
        records_.push_back({Position{1, ++seq_}, std::move(body)});
        return *this;
    }

    /// What was told since the last batch.
    [[nodiscard]] StoreBatch batch() {
        Cursor const next{journal_id_, seq_};
        StoreBatch batch{hub_id_, std::exchange(cursor_, next), next, std::move(records_)};
        records_.clear();
        return batch;
    }

    /// Goes on in a journal that begins anew.
    void lose_journal(std::string journal_id) {
        journal_id_ = std::move(journal_id);
        seq_ = 0;
    }

    [[nodiscard]] Cursor const& cursor() const { return cursor_; }
    [[nodiscard]] std::string const& hub_id() const { return hub_id_; }

private:
    std::string hub_id_;
    std::string journal_id_;
    std::uint64_t seq_{0};
    Cursor cursor_;
    std::vector<Record> records_;
};

}  // namespace muster::testing
