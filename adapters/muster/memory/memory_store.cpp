#include <muster/memory/memory_store.hpp>

#include <algorithm>
#include <tuple>
#include <variant>

#include <muster/codec/record_event.hpp>

namespace muster {
namespace {

/// Keeps the projections of the registry, and the facts apart from each other.
struct Taker {
    MemoryHistory& history;
    std::string const& hub_id;

    void operator()(CheckResult const& result) const {
        if (result.outcome.verdict == Verdict::not_counted) {
            ++history.not_counted;
            return;
        }
        auto const& kept = history.kept_since;
        if (!is_too_old(result.accepted_at,
                        result.outcome.error.empty() ? kept.checks : kept.failures)) {
            known_service(result.service);
            history.checks.push_back({hub_id, result});
        }
    }
    void operator()(Transition const& transition) const {
        known_service(transition.service, transition.project, transition.name);
        tell(transition, transition.service);
    }
    void operator()(ProjectMetrics const& metrics) const {
        if (!is_too_old(metrics.at, history.kept_since.metrics)) {
            history.metrics.push_back({hub_id, metrics});
        }
    }
    void operator()(ProjectChanged const& changed) const {
        history.projects[{hub_id, changed.project.id}] = {changed.project.spec.name, false};
    }
    void operator()(ProjectRemoved const& removed) const {
        history.projects[{hub_id, removed.id}] = {removed.name, true, removed.at};
    }
    void operator()(ServiceChanged const& changed) const {
        auto const& service = changed.service;
        history.projects.try_emplace({hub_id, service.project_id},
                                     MemoryHistory::KnownProject{service.spec.project, false});
        auto const& policy = service.spec.policy;
        history.services[{hub_id, service.id}] = {service.project_id,
                                                  service.spec.name,
                                                  service.spec.critical,
                                                  false,
                                                  2 * policy.interval + policy.timeout,
                                                  service.created_at,
                                                  WallTime::max()};
        tell(changed, service.id);
    }
    void operator()(ServiceRemoved const& removed) const {
        auto& known = known_service(removed.id, removed.project, removed.name);
        known.removed = true;
        known.until = removed.at;
        tell(removed, removed.id);
    }
    void operator()(HubStarted const&) const {}
    void operator()(HubStopped const&) const {}
    void operator()(Gap const& gap) const { tell(gap, std::nullopt); }
    void operator()(HubProblem const& problem) const { tell(problem, std::nullopt); }
    void operator()(OverlayChanged const& changed) const {
        known_service(changed.service, changed.project, changed.name);
        tell(changed, changed.service);
    }
    void operator()(MaintenanceChanged const&) const {}
    void operator()(MaintenanceRemoved const&) const {}
    void operator()(ConfigReloaded const& reloaded) const { tell(reloaded, std::nullopt); }

private:
    /// Counts it if so.
    [[nodiscard]] bool is_too_old(WallTime at, WallTime since) const {
        history.too_old += at < since ? 1 : 0;
        return at < since;
    }

    /// One that the registry has not told of takes the names that come with a fact.
    MemoryHistory::KnownService& known_service(ServiceId id, std::string const& project = {},
                                               std::string const& name = {}) const {
        MemoryHistory::KnownService unknown;
        unknown.name = "#" + std::to_string(id.value);
        auto& known = history.services.try_emplace({hub_id, id}, unknown).first->second;
        if (!known.project.valid() && !name.empty()) {
            known.project = project_named(project);
            known.name = name;
        }
        return known;
    }

    /// The newest of that name, rather one that is still there.
    ProjectId project_named(std::string const& name) const {
        ProjectId found;
        bool found_removed = true;
        for (auto const& [key, project] : history.projects) {
            bool const better = !project.removed || found_removed;
            if (key.first == hub_id && project.name == name && better) {
                found = key.second;
                found_removed = project.removed;
            }
        }
        return found;
    }

    void tell(RecordBody const& body, std::optional<ServiceId> service) const {
        bool const critical = service && known_service(*service).critical;
        auto row = event_of(body, critical);
        if (row && !is_too_old(row->occurred_at, history.kept_since.events)) {
            row->id = ++history.last_event_id;
            history.events.push_back({hub_id, std::move(*row), service});
        }
    }
};

class MemoryReader final : public HistoryReader {
public:
    MemoryReader(std::shared_ptr<MemoryHistory const> history, std::string hub_id)
        : history_(std::move(history)), hub_id_(std::move(hub_id)) {}

    Result<void> checks(ChecksQuery const& query, CheckVisitor const& visit) override {
        std::vector<CheckRow> rows;
        {
            std::lock_guard const lock(history_->mutex);
            for (auto const& check : history_->checks) {
                if (matches(check, query)) {
                    rows.push_back(row_of(check));
                }
            }
        }
        std::stable_sort(rows.begin(), rows.end(), [](CheckRow const& a, CheckRow const& b) {
            return a.recorded_at < b.recorded_at;
        });
        for (auto const& row : rows) {
            if (!visit(row)) {
                break;
            }
        }
        return {};
    }

    Result<std::vector<BucketRow>> buckets(BucketsQuery const& query) override {
        std::lock_guard const lock(history_->mutex);
        auto const& kept = history_->kept;
        auto const choice = choose_level(query.step, query.from,
                                         {kept.checks_since, kept.minutes_since, kept.hours_since});
        BucketSeries series(query.from, query.until, choice.step);
        auto const services = services_of(query);
        if (series.size(services.size()) > BucketSeries::kMost) {
            return failure(Errc::invalid, too_many_buckets(series.size(services.size())));
        }
        for (auto const& [key, service] : services) {
            fill(series, key, *service, choice.level);
        }
        std::vector<BucketRow> rows;
        for (auto& bucket : series.take()) {
            rows.push_back({services[bucket.number].second->name, std::move(bucket)});
        }
        return rows;
    }

    Result<HistoryKept> kept() override {
        std::lock_guard const lock(history_->mutex);
        return history_->kept;
    }

    Result<Events> events(EventsQuery const& query) override {
        std::lock_guard const lock(history_->mutex);
        Events found;
        for (auto event = history_->events.rbegin(); event != history_->events.rend(); ++event) {
            auto const row = named(*event);
            bool const wanted = (hub_id_.empty() || hub_id_ == event->hub_id) &&
                                (query.project.empty() || query.project == row.project) &&
                                (query.service.empty() || query.service == row.service) &&
                                (!query.severity || *query.severity == row.severity) &&
                                (!query.type || *query.type == row.type) &&
                                (!query.before || row.id < *query.before) &&
                                (!query.after || row.id > *query.after);
            if (!wanted) {
                continue;
            }
            if (found.total >= query.offset && found.rows.size() < query.limit) {
                found.rows.push_back(row);
            }
            ++found.total;
        }
        return found;
    }

    Result<OnceNamed> once_named(std::string const& project, std::string const& service) override {
        std::lock_guard const lock(history_->mutex);
        OnceNamed named;
        named.project = best_named(history_->projects, [&](auto const& known) {
            return !project.empty() && known.name == project;
        });
        bool const any_project = project.empty();
        named.service = best_named(history_->services, [&](auto const& known) {
            return !service.empty() && known.name == service &&
                   (any_project || named.project == known.project);
        });
        return named;
    }

    Result<void> metrics(MetricsQuery const& query, MetricsVisitor const& visit) override {
        std::vector<ProjectMetrics> found;
        {
            std::lock_guard const lock(history_->mutex);
            for (auto const& one : history_->metrics) {
                auto const& metrics = one.metrics;
                if ((hub_id_.empty() || hub_id_ == one.hub_id) &&
                    metrics.project == query.project && metrics.at >= query.from &&
                    metrics.at < query.until) {
                    found.push_back(metrics);
                }
            }
        }
        std::stable_sort(
            found.begin(), found.end(),
            [](ProjectMetrics const& a, ProjectMetrics const& b) { return a.at < b.at; });
        for (auto const& metrics : found) {
            if (!visit(metrics)) {
                break;
            }
        }
        return {};
    }

private:
    /// Of those that fit: rather one that is still there, else the one removed last.
    template <class Id, class Known, class Fits>
    [[nodiscard]] std::optional<Id> best_named(std::map<MemoryHistory::Key<Id>, Known> const& all,
                                               Fits fits) const {
        std::optional<Id> best;
        auto best_until = WallTime::min();
        for (auto const& [key, known] : all) {
            bool const ours = hub_id_.empty() || hub_id_ == key.first;
            if (ours && fits(known) && (!best || known.until >= best_until)) {
                best = key.second;
                best_until = known.until;
            }
        }
        return best;
    }

    using ServiceKey = MemoryHistory::Key<ServiceId>;
    using Services = std::vector<std::pair<ServiceKey, MemoryHistory::KnownService const*>>;

    [[nodiscard]] Services services_of(BucketsQuery const& query) const {
        Services found;
        for (auto const& [key, service] : history_->services) {
            if ((hub_id_.empty() || hub_id_ == key.first) && service.project == query.project &&
                (!query.service || *query.service == key.second)) {
                found.emplace_back(key, &service);
            }
        }
        return found;
    }

    void fill(BucketSeries& series, ServiceKey const& key,
              MemoryHistory::KnownService const& service, HistoryLevel level) const {
        if (level == HistoryLevel::checks) {
            series.begin({key.second, service.since, std::min(service.until, series.until())});
            add_checks(series, key, service);
            return;
        }
        auto const found = history_->rolled_up.find(key.first);
        auto const known_until =
            found == history_->rolled_up.end() ? WallTime{} : found->second.known_until;
        series.begin({key.second, service.since, std::min(service.until, known_until)});
        for (auto const& [place, rollup] :
             level == HistoryLevel::hours ? history_->hours : history_->minutes) {
            if (place.first == key) {
                series.add(place.second, rollup);
            }
        }
        if (found == history_->rolled_up.end()) {
            return;
        }
        auto const watch = found->second.watches.find(key.second);
        if (watch != found->second.watches.end()) {
            series.add_time(time_up_to(watch->second, known_until));
        }
    }

    void add_checks(BucketSeries& series, ServiceKey const& key,
                    MemoryHistory::KnownService const& service) const {
        std::vector<CheckResult> checks;
        for (auto const& check : history_->checks) {
            auto const at = check.result.accepted_at;
            if (ServiceKey{check.hub_id, check.result.service} == key &&
                at >= series.from() - service.reach && at < series.until()) {
                checks.push_back(check.result);
            }
        }
        std::stable_sort(checks.begin(), checks.end(), [](auto const& a, auto const& b) {
            return a.accepted_at < b.accepted_at;
        });
        CheckSeries written(series, service.reach);
        for (auto const& check : checks) {
            written.add(check.accepted_at, check.after.status, check.outcome.response_time,
                        !check.outcome.error.empty());
        }
        written.finish();
    }

    MemoryHistory::KnownService const& service_of(MemoryHistory::Check const& check) const {
        return history_->services.at({check.hub_id, check.result.service});
    }

    bool matches(MemoryHistory::Check const& check, ChecksQuery const& query) const {
        auto const at = check.result.accepted_at;
        return (hub_id_.empty() || hub_id_ == check.hub_id) &&
               service_of(check).project == query.project &&
               (!query.service || *query.service == check.result.service) && at >= query.from &&
               at < query.until;
    }

    CheckRow row_of(MemoryHistory::Check const& check) const {
        auto const& service = service_of(check);
        auto const& result = check.result;
        CheckRow row;
        row.project = history_->projects.at({check.hub_id, service.project}).name;
        row.service = service.name;
        row.status = result.after.status;
        row.last_check = result.started_at;
        row.recorded_at = result.accepted_at;
        row.uptime_percent = result.uptime_percent;
        row.response_time = std::chrono::round<Millis>(result.outcome.response_time);
        row.error = result.outcome.error;
        return row;
    }

    /// Under the names that its service and project bear today.
    EventRow named(MemoryHistory::Event const& event) const {
        auto row = event.row;
        if (!event.service) {
            return row;
        }
        auto const& service = history_->services.at({event.hub_id, *event.service});
        row.service = service.name;
        auto const project = history_->projects.find({event.hub_id, service.project});
        if (project != history_->projects.end()) {
            row.project = project->second.name;
        }
        return row;
    }

    std::shared_ptr<MemoryHistory const> history_;
    std::string const hub_id_;
};

tl::unexpected<Error> failure_of(MemoryStore::Fault fault) {
    switch (fault) {
        case MemoryStore::Fault::full:
            return failure(Errc::full, "the store is full");
        case MemoryStore::Fault::in_doubt_applied:
        case MemoryStore::Fault::in_doubt_lost:
            return failure(Errc::in_doubt, "the store's answer was lost");
        case MemoryStore::Fault::unavailable:
        case MemoryStore::Fault::none:
            break;
    }
    return failure(Errc::unavailable, "the store is away");
}

/// What a row takes here, for limits in bytes.
constexpr std::uint64_t kCheckBytes = 32;
constexpr std::uint64_t kRollupBytes = 64;

bool has_failed(MemoryHistory::Check const& check) {
    return !check.result.outcome.error.empty();
}

/// Removes the oldest checks of which `goes` holds while there are too many bytes.
template <class Goes>
void forget_while_too_many(MemoryHistory& history, std::uint64_t bytes, Goes goes) {
    auto const older = [](MemoryHistory::Check const& a, MemoryHistory::Check const& b) {
        return a.result.accepted_at < b.result.accepted_at;
    };
    std::stable_sort(history.checks.begin(), history.checks.end(), older);
    std::erase_if(history.checks, [&, left = history.checks.size()](auto const& check) mutable {
        if (left * kCheckBytes <= bytes || !goes(check)) {
            return false;
        }
        --left;
        history.kept.checks_since =
            std::max(history.kept.checks_since, check.result.accepted_at + Millis(1));
        return true;
    });
}

void forget_checks(MemoryHistory& history, ResultStore::Retention const& retention) {
    std::erase_if(history.checks, [&](MemoryHistory::Check const& check) {
        bool const failed = has_failed(check);
        auto const before = failed ? retention.failures_before : retention.checks_before;
        return check.result.accepted_at < before;
    });
    history.kept.checks_since = std::max(history.kept.checks_since, retention.checks_before);
    if (retention.checks_bytes != 0 &&
        history.checks.size() * kCheckBytes > retention.checks_bytes) {
        forget_while_too_many(history, retention.checks_bytes,
                              [](auto const& check) { return !has_failed(check); });
        forget_while_too_many(history, retention.checks_bytes, [](auto const&) { return true; });
    }
}

void forget_rollups(MemoryHistory::Rollups& rollups, Millis span, WallTime before,
                    std::uint64_t bytes, WallTime& since) {
    since = std::max(since, before - before.time_since_epoch() % span);
    if (bytes != 0 && rollups.size() * kRollupBytes > bytes) {
        std::vector<WallTime> times;
        for (auto const& entry : rollups) {
            times.push_back(entry.first.second);
        }
        auto const excess = times.size() - static_cast<std::size_t>(bytes / kRollupBytes);
        std::sort(times.begin(), times.end());
        since = std::max(since, times[excess - 1] + span);
    }
    std::erase_if(rollups, [since](auto const& entry) { return entry.first.second < since; });
}

}  // namespace

MemoryStore::MemoryStore(std::shared_ptr<MemoryHistory> history) : history_(std::move(history)) {}

Result<Cursor> MemoryStore::cursor(std::string const& hub_id) {
    if (fault_ == Fault::unavailable) {
        return failure_of(fault_);
    }
    std::lock_guard const lock(history_->mutex);
    auto const found = history_->cursors.find(hub_id);
    return found == history_->cursors.end() ? Cursor{} : found->second;
}

Result<RollupState> MemoryStore::rollup_state(std::string const& hub_id) {
    if (fault_ == Fault::unavailable) {
        return failure_of(fault_);
    }
    std::lock_guard const lock(history_->mutex);
    RollupState state;
    auto const found = history_->rolled_up.find(hub_id);
    if (found != history_->rolled_up.end()) {
        state.cursor = found->second.cursor;
        for (auto const& [service, watch] : found->second.watches) {
            state.watches.push_back({service, watch});
        }
    }
    return state;
}

Result<void> MemoryStore::append(StoreBatch const& batch) {
    if (refused_ && std::any_of(batch.records.begin(), batch.records.end(), refused_)) {
        return failure(Errc::invalid, "a record of the batch can never be stored");
    }
    return write(cursor_of(batch.hub_id), batch.expected, batch.next, [&] {
        for (auto const& record : batch.records) {
            history_->applied.push_back(record);
            std::visit(Taker{*history_, batch.hub_id}, record.body);
        }
    });
}

Result<void> MemoryStore::bury(StoreBatch const& batch, std::string const& reason) {
    return write(cursor_of(batch.hub_id), batch.expected, batch.next, [&] {
        for (auto const& record : batch.records) {
            history_->buried.push_back({batch.hub_id, record, reason});
        }
    });
}

void MemoryStore::keep_since(KeptSince const& kept) {
    std::lock_guard const lock(history_->mutex);
    history_->kept_since = kept;
}

std::uint64_t MemoryStore::too_old() const {
    std::lock_guard const lock(history_->mutex);
    return history_->too_old;
}

void MemoryStore::add(MemoryHistory::Rollups& rollups,
                      std::pair<MemoryHistory::Key<ServiceId>, WallTime> const& place,
                      Rollup const& seen, Millis span, WallTime since) {
    if (place.second < since - since.time_since_epoch() % span) {
        ++history_->too_old;
    } else {
        merge(rollups[place], seen, span);
    }
}

Result<void> MemoryStore::roll_up(RollupBatch const& batch) {
    auto& hub = rolled_up(batch.hub_id);
    return write(hub.cursor, batch.expected, batch.next, [&] {
        for (auto const& row : batch.rows) {
            MemoryHistory::Key<ServiceId> const key{batch.hub_id, row.service};
            history_->services.try_emplace(
                key, MemoryHistory::KnownService{{}, "#" + std::to_string(row.service.value)});
            add(history_->minutes, {key, row.minute}, row.seen, std::chrono::minutes(1),
                history_->kept_since.minutes);
            add(history_->hours, {key, std::chrono::floor<std::chrono::hours>(row.minute)},
                row.seen, std::chrono::hours(1), history_->kept_since.hours);
        }
        for (auto const& row : batch.watches) {
            hub.watches.insert_or_assign(row.service, row.watch);
        }
        for (auto const& service : batch.ended) {
            hub.watches.erase(service);
        }
        hub.known_until = batch.known_until.value_or(hub.known_until);
    });
}

Result<void> MemoryStore::note_alive(std::string const& hub_id, WallTime at) {
    auto const fault = next_fault();
    if (fault != Fault::none && fault != Fault::in_doubt_applied) {
        return failure_of(fault);
    }
    std::lock_guard const lock(history_->mutex);
    history_->alive_at[hub_id] = at;
    return {};
}

Cursor& MemoryStore::cursor_of(std::string const& hub_id) {
    std::lock_guard const lock(history_->mutex);
    return history_->cursors[hub_id];
}

MemoryHistory::RolledUp& MemoryStore::rolled_up(std::string const& hub_id) {
    std::lock_guard const lock(history_->mutex);
    return history_->rolled_up[hub_id];
}

Result<void> MemoryStore::write(Cursor& cursor, Cursor const& expected, Cursor const& next,
                                std::function<void()> const& work) {
    auto const fault = next_fault();
    if (fault != Fault::none && fault != Fault::in_doubt_applied) {
        return failure_of(fault);
    }
    std::lock_guard const lock(history_->mutex);
    if (cursor != expected) {
        return failure(Errc::conflict, "the cursor is elsewhere");
    }
    work();
    cursor = next;
    return fault == Fault::none ? Result<void>{} : failure_of(fault);
}

MemoryStore::Fault MemoryStore::next_fault() {
    auto const fault = once_.value_or(fault_);
    once_.reset();
    return fault;
}

Result<bool> MemoryStore::forget(Retention const& retention) {
    if (fault_ == Fault::unavailable || fault_ == Fault::full) {
        return failure_of(fault_);
    }
    std::lock_guard const lock(history_->mutex);
    forget_checks(*history_, retention);
    auto& kept = history_->kept;
    forget_rollups(history_->minutes, std::chrono::minutes(1), retention.minutes_before,
                   retention.minutes_bytes, kept.minutes_since);
    forget_rollups(history_->hours, std::chrono::hours(1), retention.hours_before,
                   retention.hours_bytes, kept.hours_since);
    std::erase_if(history_->metrics, [&](MemoryHistory::Metrics const& metrics) {
        return metrics.metrics.at < retention.metrics_before;
    });
    std::erase_if(history_->events, [&](MemoryHistory::Event const& event) {
        return event.row.occurred_at < retention.events_before;
    });
    return false;
}

std::unique_ptr<HistoryReader> MemoryStore::reader(std::string hub_id) const {
    return std::make_unique<MemoryReader>(history_, std::move(hub_id));
}

std::map<std::pair<ServiceId, Position>, std::size_t> MemoryStore::times_applied() const {
    std::map<std::pair<ServiceId, Position>, std::size_t> times;
    for (auto const& record : history_->applied) {
        if (auto const* result = std::get_if<CheckResult>(&record.body)) {
            ++times[{result->service, record.position}];
        }
    }
    return times;
}

}  // namespace muster
