// Storing check results: batches of 1,000 rows through the port, side by side with SQLite fed by
// hand with the same rows in the same run, into new files and into files that hold 5 million rows.
// Rounds are interleaved, so that what disturbs the machine disturbs all; ratios are made per
// round.
//
//   bench_store [--rounds N] [--batches N] [--held N] [--only TEXT] [--json FILE]

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include <muster/runtime/system_clock.hpp>
#include <muster/sqlite/database.hpp>
#include <muster/sqlite/history_reader.hpp>
#include <muster/sqlite/result_store.hpp>

#include <support/cpu_time.hpp>
#include <support/program.hpp>
#include <support/race.hpp>
#include "raw_store.hpp"

namespace muster::bench {
namespace {

constexpr std::size_t kBatch = 1'000;
constexpr WallTime kFirst{Millis(1'795'326'900'000)};
constexpr double kBudget = 0.7;

/// Checks as a fleet makes them: every service in turn, one check a millisecond.
class Checks {
public:
    explicit Checks(std::int64_t services) : services_(services) {}

    StoreBatch next(std::size_t size) {
        StoreBatch batch{"hub-main", cursor_, {"bench", cursor_.seq + size}, {}};
        batch.records.reserve(size);
        for (std::size_t index = 0; index < size; ++index) {
            batch.records.push_back({{1, ++cursor_.seq}, check()});
        }
        cursor_.journal_id = "bench";
        return batch;
    }

    [[nodiscard]] StoreBatch registry() {
        StoreBatch batch{"hub-main", cursor_, {"bench", 0}, {}};
        Project project;
        for (std::int64_t id = 1; id <= services_; ++id) {
            if (id % 10 == 1) {
                project.id = {id / 10 + 1};
                project.spec.name = "project-" + std::to_string(project.id.value);
                batch.records.push_back({{1, 0}, ProjectChanged{project, true}});
            }
            Service service;
            service.id = {id};
            service.project_id = project.id;
            service.spec.project = project.spec.name;
            service.spec.name = "service-" + std::to_string(id);
            service.spec.probe = HttpProbeSpec{Url{"http", "127.0.0.1", 80, "/health", {}}};
            batch.records.push_back({{1, 0}, ServiceChanged{service, false}});
        }
        cursor_ = batch.next;
        return batch;
    }

private:
    CheckResult check() {
        random_ = random_ * 6364136223846793005ULL + 1442695040888963407ULL;
        auto const draw = random_ >> 33U;
        service_ = (service_ + 7'919) % services_;  // no order that a table could like
        at_ += Millis(1);
        CheckResult result;
        result.service = {service_ + 1};
        result.accepted_at = at_;
        result.outcome.response_time = Micros(1'000 + draw % 40'000);
        result.started_at =
            at_ - Millis(2) - std::chrono::ceil<Millis>(result.outcome.response_time);
        result.outcome.http_status = 200;
        result.after = {HealthStatus::up, 0, 1};
        result.uptime_percent = draw % 10 == 0 ? 99.9871 : 100;
        if (draw % 100 == 1) {
            result.outcome.verdict = Verdict::failed;
            result.outcome.error = "connection refused";
            result.after = {HealthStatus::down, 1, 0};
        } else {
            result.outcome.verdict = Verdict::passed;
        }
        return result;
    }

    std::int64_t const services_;
    std::int64_t service_{0};
    std::uint64_t random_{42};
    WallTime at_{kFirst};
    Cursor cursor_;
};

class Bench {
public:
    Bench(Request const& request, Report& report) : request_(request), report_(report) {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
    }
    ~Bench() { std::filesystem::remove_all(folder_); }
    Bench(Bench const&) = delete;
    Bench& operator=(Bench const&) = delete;

    void run() {
        into_new_files(100);
        into_new_files(10'000);
        into_filled_files(10'000);
        measure_levels();
    }

private:
    std::string file(std::string const& name) { return (folder_ / name).string(); }

    std::unique_ptr<SqliteResultStore> open(std::string const& path, Checks& checks) {
        auto opened = SqliteResultStore::open(path);
        if (!opened || !(*opened)->append(checks.registry())) {
            throw std::runtime_error("cannot open the store");
        }
        return std::move(*opened);
    }

    Contender through_port(SqliteResultStore& store) {
        return contender("store", [&store](StoreBatch const& batch) {
            if (auto const appended = store.append(batch); !appended) {
                throw std::runtime_error("store: " + appended.error().message);
            }
        });
    }

    Contender by_hand(std::string name, RawStore& raw) {
        return contender(std::move(name), [&raw](StoreBatch const& batch) { raw.append(batch); });
    }

    Contender contender(std::string name, std::function<void(StoreBatch const&)> append) {
        return {std::move(name),
                [this, append = std::move(append)] {
                    for (auto const& batch : batches_) {
                        append(batch);
                    }
                },
                cpu_seconds_of_thread, static_cast<double>(request_.count("batches") * kBatch)};
    }

    /// The first is the store. The budget is held against the second, which answers what the store
    /// answers; the others tell what that costs.
    void race_of(std::string const& title, std::vector<Contender> contenders, Checks& checks) {
        race(contenders, request_.count("rounds"), [&] {
            batches_.clear();
            for (std::size_t index = 0; index < request_.count("batches"); ++index) {
                batches_.push_back(checks.next(kBatch));
            }
        });
        for (std::size_t index = 1; index < contenders.size(); ++index) {
            auto const& other = contenders[index];
            report_.add(
                rate_row(index == 1 ? title : fmt::format("{}, {}", title, other.name), "rows/s",
                         contenders[0], other,
                         index == 1 ? std::optional(ratio_at_least(kBudget)) : std::nullopt));
        }
    }

    void figure(std::string name, std::vector<double> values, std::string unit) {
        report_.add({.name = std::move(name), .unit = std::move(unit), .ours = std::move(values)});
    }

    void into_new_files(std::int64_t services) {
        auto const title = fmt::format("store, new file, {} services", services);
        if (!request_.wants(title)) {
            return;
        }
        auto const prefix = std::to_string(services);
        Checks checks(services);
        auto const store = open(file(prefix + "-store"), checks);
        RawStore indexed(file(prefix + "-indexed"), RawStore::Kind::indexed);
        RawStore wide(file(prefix + "-wide"), RawStore::Kind::wide);
        RawStore log(file(prefix + "-log"), RawStore::Kind::log);
        race_of(title,
                {through_port(*store), by_hand("raw, one index", indexed),
                 by_hand("raw, contract's columns", wide), by_hand("raw, no index", log)},
                checks);
    }

    void into_filled_files(std::int64_t services) {
        auto const held = static_cast<std::int64_t>(request_.count("held"));
        auto const title = fmt::format("store, {} rows held, {} services", held, services);
        if (!request_.wants(title)) {
            return;
        }
        auto const path = file("filled-store");
        Checks checks(services);
        auto store = open(path, checks);
        for (std::int64_t rows = 0; rows < held; rows += 10'000) {
            if (!store->append(checks.next(10'000))) {
                throw std::runtime_error("cannot fill the store");
            }
        }
        RawStore indexed(file("filled-indexed"), RawStore::Kind::indexed);
        indexed.prefill(held, services, kFirst.time_since_epoch().count());
        race_of(title, {through_port(*store), by_hand("raw, one index", indexed)}, checks);
        measure_reads(path);
        store.reset();
        measure_size(path);
        measure_forgetting(path, held);
    }

    void measure_reads(std::string const& path) {
        SystemClock const clock;
        auto const reader = SqliteHistoryReader::open(path, clock, {.deadline = 60s});
        for (bool const whole_project : {false, true}) {
            std::vector<double> millis;
            std::size_t rows = 0;
            for (std::int64_t project = 1; project <= 20; ++project) {
                ChecksQuery query{ProjectId{project}, {}};
                if (!whole_project) {
                    query.service = ServiceId{project * 10 - 5};
                }
                rows = 0;
                auto const begun = steady_seconds();
                auto const read = (*reader)->checks(query, [&rows](CheckRow const&) {
                    ++rows;
                    return true;
                });
                millis.push_back((steady_seconds() - begun) * 1e3);
                if (!read) {
                    throw std::runtime_error("reader: " + read.error().message);
                }
            }
            figure(fmt::format("reading all of {} ({} rows)",
                               whole_project ? "a project of 10" : "one service", rows),
                   std::move(millis), "ms");
        }
    }

    void measure_size(std::string const& path) {
        auto database = SqliteDatabase::open(path, {});
        auto const number = [&database](std::string_view sql) {
            return static_cast<double>(database->compile(sql)->bind().number()->value_or(0));
        };
        auto const rows = number("SELECT count(*) FROM check_result");
        auto const bytes = number("SELECT sum(pgsize) FROM dbstat WHERE name = 'check_result'");
        figure("bytes a check, its table", {bytes / rows}, "bytes");
        figure("bytes a check, the whole file",
               {static_cast<double>(std::filesystem::file_size(path)) / rows}, "bytes");
    }

    /// Minutes and hours of 100 services for a day, a check every 30 s: what `bench_postgres --days
    /// 1` has.
    void measure_levels() {
        constexpr std::int64_t kServices = 100;
        if (!request_.wants("store, levels")) {
            return;
        }
        auto const path = file("levels");
        Checks checks(kServices);
        auto store = open(path, checks);
        Cursor cursor;
        std::uint64_t seq = 0;
        auto const end = std::chrono::floor<std::chrono::days>(kFirst);
        for (auto at = WallTime(end) - 24h; at < end; at += 1min) {
            RollupBatch batch{"hub-main", cursor, {"bench", ++seq}, at + 1min, {}, {}, {}};
            for (std::int64_t service = 1; service <= kServices; ++service) {
                batch.rows.push_back({{service}, at, a_minute(at, service)});
            }
            if (!store->roll_up(batch)) {
                throw std::runtime_error("cannot roll up");
            }
            cursor = batch.next;
        }
        store.reset();
        auto database = SqliteDatabase::open(path, {});
        auto const number = [&database](std::string const& sql) {
            return static_cast<double>(database->compile(sql)->bind().number()->value_or(0));
        };
        for (std::string const level : {"minute", "hour"}) {
            auto const table = "rollup_" + level;
            figure("store, levels: bytes " + std::string(level == "hour" ? "an hour" : "a minute") +
                       " of a service",
                   {number("SELECT sum(pgsize) FROM dbstat WHERE name = '" + table + "'") /
                    number("SELECT count(*) FROM " + table)},
                   "bytes");
        }
    }

    static Rollup a_minute(WallTime at, std::int64_t service) {
        Rollup rollup;
        for (std::int64_t number = 0; number < 2; ++number) {
            auto const minute = at.time_since_epoch() / 1min;
            auto const draw = ((minute * 2 + number) * 104'729 + service * 7'919) % 40'000;
            add_check(rollup, HealthStatus::up, Micros(1'000 + draw));
        }
        rollup.observed = Millis(60'000);
        return rollup;
    }

    void measure_forgetting(std::string const& path, std::int64_t held) {
        auto const store = SqliteResultStore::open(path);
        std::vector<double> millis;
        for (int index = 1; index <= 10; ++index) {
            auto const begun = steady_seconds();
            auto const before = kFirst + index * Millis(held / 40);
            if (!(*store)->forget({.checks_before = before})) {
                throw std::runtime_error("cannot forget");
            }
            millis.push_back((steady_seconds() - begun) * 1e3);
        }
        figure("one forget() of old checks", std::move(millis), "ms");
    }

    Request const& request_;
    Report& report_;
    std::filesystem::path const folder_ =
        std::filesystem::temp_directory_path() / fmt::format("muster-bench-store-{}", ::getpid());
    std::vector<StoreBatch> batches_;
};

}  // namespace
}  // namespace muster::bench

int main(int count, char** arguments) {
    using namespace muster::bench;
    return run_program(
        count, arguments, {{"rounds", 5}, {"batches", 20}, {"held", 5'000'000}},
        [](Request const& request, Report& report) { Bench(request, report).run(); });
}
