#include <contract/store_under_test.hpp>

#include <algorithm>
#include <chrono>

#include <rapidcheck/gtest.h>

#include <muster/memory/memory_store.hpp>

namespace muster::testing {
namespace {

/// Two projects with three services each; what happens to them is drawn at random.
class RandomLife {
public:
    RandomLife() {
        for (int project = 1; project <= 2; ++project) {
            projects_.push_back(a_project(project, "project-" + std::to_string(project)));
            for (int index = 0; index < 3; ++index) {
                services_.push_back(a_service(10 * project + index, projects_.back(),
                                              "service-" + std::to_string(index)));
            }
        }
    }

    /// The registry tells of a project before anything else does.
    void begin(RecordStory& story) const {
        for (auto const& project : projects_) {
            story.tell(ProjectChanged{project, true});
        }
    }

    void something_happens(RecordStory& story) {
        auto& service = services_[*rc::gen::inRange<std::size_t>(0, services_.size())];
        switch (*rc::gen::inRange(0, 20)) {
            case 0:
                now_ += std::chrono::minutes(*rc::gen::inRange(-90, 200));
                break;
            case 1:
                story.tell(ServiceChanged{service, *rc::gen::arbitrary<bool>()});
                break;
            case 2:
                service.spec.name = "renamed-" + std::to_string(*rc::gen::inRange(0, 3));
                story.tell(ServiceChanged{service, false});
                break;
            case 3: {
                auto& project = projects_[*rc::gen::inRange<std::size_t>(0, projects_.size())];
                story.tell(ProjectChanged{project, false});
                break;
            }
            case 4:
                story.tell(
                    ServiceRemoved{service.id, service.spec.project, service.spec.name, now_});
                break;
            case 5:
            case 6:
                story.tell(went(service, status(), status(), now_));
                break;
            case 7:
                story.tell(HubProblem{"network", "away", *rc::gen::arbitrary<bool>(), now_});
                break;
            default:
                story.tell(check(service.id));
        }
    }

    [[nodiscard]] WallTime now() const { return now_; }

private:
    static HealthStatus status() {
        return *rc::gen::element(HealthStatus::unknown, HealthStatus::up, HealthStatus::degraded,
                                 HealthStatus::down);
    }

    CheckResult check(ServiceId service) {
        now_ += Millis(*rc::gen::inRange(0, 20'000));
        auto result = *rc::gen::arbitrary<bool>() ? passed_check(service, now_)
                                                  : failed_check(service, now_, "refused");
        result.after.status = status();
        result.outcome.verdict =
            *rc::gen::element(Verdict::passed, Verdict::failed, Verdict::not_counted);
        result.outcome.response_time = Micros(1'000 * *rc::gen::inRange(0, 6'000));
        result.uptime_percent = *rc::gen::inRange(0, 101);
        return result;
    }

    WallTime now_ = kStart;
    std::vector<Project> projects_;
    std::vector<Service> services_;
};

std::string text_of(CheckRow const& row) {
    return row.project + "/" + row.service + " " + std::string(to_string(row.status)) + " " +
           to_rfc3339(row.last_check) + " " + to_rfc3339(row.recorded_at) + " " +
           std::to_string(row.uptime_percent) + " " + std::to_string(row.response_time.count()) +
           " " + row.error;
}

std::string text_of(EventRow const& row) {
    return std::to_string(row.id) + " " + row.project + "/" + row.service + " " +
           std::string(to_string(row.type)) + " " + std::string(to_string(row.severity)) + " " +
           row.description + " " + row.metadata_json + " " + to_rfc3339(row.occurred_at);
}

std::vector<std::string> checks_of(StoreUnderTest& under_test, ChecksQuery const& query) {
    std::vector<std::string> texts;
    auto const read = under_test.reader({})->checks(query, [&texts](CheckRow const& row) {
        texts.push_back(text_of(row));
        return true;
    });
    RC_ASSERT(read.has_value());
    return texts;
}

std::string text_of(BucketRow const& row) {
    auto const& bucket = row.bucket;
    auto const& seen = bucket.seen;
    std::string text = to_rfc3339(bucket.from) + " " + to_rfc3339(bucket.to) + " " + row.service;
    for (auto const number : {seen.checks, seen.up, seen.degraded, seen.down}) {
        text += " " + std::to_string(number);
    }
    for (auto const time : {seen.observed, seen.down_time, bucket.unobserved}) {
        text += " " + std::to_string(time.count());
    }
    for (auto const time : {seen.total, seen.shortest, seen.longest, quantile_of(seen, 0.95)}) {
        text += " " + std::to_string(time.count());
    }
    return text;
}

std::vector<std::string> buckets_of(StoreUnderTest& under_test, BucketsQuery const& query) {
    auto const read = under_test.reader({})->buckets(query);
    RC_ASSERT(read.has_value());
    std::vector<std::string> texts;
    for (auto const& row : *read) {
        texts.push_back(text_of(row));
    }
    return texts;
}

std::vector<std::string> events_of(StoreUnderTest& under_test, EventsQuery const& query) {
    auto const read = under_test.reader({})->events(query);
    RC_ASSERT(read.has_value());
    std::vector<std::string> texts{std::to_string(read->total)};
    for (auto const& row : read->rows) {
        texts.push_back(text_of(row));
    }
    return texts;
}

ChecksQuery random_checks_query(WallTime now) {
    ChecksQuery query{ProjectId{*rc::gen::inRange(1, 3)}, {}};
    if (*rc::gen::arbitrary<bool>()) {
        query.service = ServiceId{10 * query.project.value + *rc::gen::inRange(0, 3)};
    }
    if (*rc::gen::arbitrary<bool>()) {
        query.from = now - std::chrono::minutes(*rc::gen::inRange(0, 400));
        query.until = query.from + std::chrono::minutes(*rc::gen::inRange(0, 400));
    }
    return query;
}

BucketsQuery random_buckets_query(WallTime now) {
    auto const checks = random_checks_query(now);
    BucketsQuery query{checks.project, checks.service, checks.from, checks.until};
    if (checks.until == WallTime::max()) {
        query.from = now - std::chrono::hours(4);
        query.until = now;
    }
    query.step = *rc::gen::element<Millis>(10s, 60s, 90s, 5min, 1h);
    return query;
}

EventsQuery random_events_query() {
    EventsQuery query;
    query.project = *rc::gen::element<std::string>("", "", "project-1", "project-2");
    query.service = *rc::gen::element<std::string>("", "", "service-1", "renamed-1");
    query.limit = *rc::gen::element<std::size_t>(1, 5, 100);
    query.offset = *rc::gen::element<std::size_t>(0, 0, 3);
    if (*rc::gen::arbitrary<bool>()) {
        query.severity = *rc::gen::element(Severity::info, Severity::warning, Severity::critical);
    }
    if (*rc::gen::arbitrary<bool>()) {
        query.type = *rc::gen::element(EventType::status_changed, EventType::service_registered,
                                       EventType::hub_problem);
    }
    return query;
}

void forget_all(ResultStore& store, ResultStore::Retention const& retention) {
    auto more = store.forget(retention);
    while (more && *more) {
        more = store.forget(retention);
    }
    RC_ASSERT(more.has_value());
}

RC_GTEST_PROP(StoreProperty, AnswersWhatTheReferenceAnswers, ()) {
    auto const reference = make_memory_store();
    auto const tested = stores_under_test().back().make();
    RollupFeed reference_feed;
    RollupFeed tested_feed;
    RecordStory story;
    RandomLife life;
    life.begin(story);
    auto const batches = *rc::gen::inRange(1, 12);
    for (int index = 0; index < batches; ++index) {
        auto const happenings = *rc::gen::inRange(0, 40);
        for (int happening = 0; happening < happenings; ++happening) {
            life.something_happens(story);
        }
        auto const batch = story.batch();
        RC_ASSERT(reference->store().append(batch).has_value());
        RC_ASSERT(tested->store().append(batch).has_value());
        RC_ASSERT(reference_feed.roll_up(reference->store(), batch).has_value());
        RC_ASSERT(tested_feed.roll_up(tested->store(), batch).has_value());
        if (*rc::gen::inRange(0, 5) == 0) {
            tested->reopen();
        }
        if (*rc::gen::inRange(0, 5) == 0) {
            auto const before = life.now() - std::chrono::minutes(*rc::gen::inRange(0, 100));
            auto const failures = before - std::chrono::minutes(*rc::gen::inRange(0, 100));
            ResultStore::Retention const retention{before, before, before, failures};
            forget_all(reference->store(), retention);
            forget_all(tested->store(), retention);
        }
    }
    for (int index = 0; index < 3; ++index) {
        auto const checks = random_checks_query(life.now());
        RC_ASSERT(checks_of(*tested, checks) == checks_of(*reference, checks));
        auto const buckets = random_buckets_query(life.now());
        RC_ASSERT(buckets_of(*tested, buckets) == buckets_of(*reference, buckets));
        auto const events = random_events_query();
        RC_ASSERT(events_of(*tested, events) == events_of(*reference, events));
    }
}

}  // namespace
}  // namespace muster::testing
