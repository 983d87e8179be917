// Storing check results: batches of 1,000 rows through the port, side by side with SQLite fed by
// hand with the same rows in the same run, into new files and into files that hold 5 million rows.
// Rounds are interleaved, so that what disturbs the machine disturbs all; ratios are made per
// round.
//
//   bench_store [--rounds N] [--batches N] [--held N] [--json FILE]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <sys/resource.h>

#include <muster/runtime/system_clock.hpp>
#include <muster/sqlite/database.hpp>
#include <muster/sqlite/history_reader.hpp>
#include <muster/sqlite/result_store.hpp>

#include "raw_store.hpp"

namespace muster::bench {
namespace {

constexpr std::size_t kBatch = 1'000;
constexpr WallTime kFirst{Millis(1'795'326'900'000)};
constexpr double kBudget = 0.7;

struct Options {
    std::size_t rounds{5};
    std::size_t batches{20};
    std::int64_t held{5'000'000};
    std::string json;
};

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

struct Contender {
    std::string name;
    std::function<void(StoreBatch const&)> append;
    std::vector<double> rows_per_second;  // a value per round
    std::vector<double> cpu_micros;       // a row
};

double seconds_now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    auto const seconds = [](timeval const& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    auto const middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

void race(std::vector<Contender>& contenders, Checks& checks, Options const& options) {
    for (std::size_t round = 0; round < options.rounds; ++round) {
        std::vector<StoreBatch> batches;
        for (std::size_t index = 0; index < options.batches; ++index) {
            batches.push_back(checks.next(kBatch));
        }
        for (std::size_t turn = 0; turn < contenders.size(); ++turn) {
            auto& contender = contenders[(turn + round) % contenders.size()];
            auto const begun = seconds_now();
            auto const cpu_begun = cpu_seconds();
            for (auto const& batch : batches) {
                contender.append(batch);
            }
            auto const rows = static_cast<double>(options.batches * kBatch);
            contender.rows_per_second.push_back(rows / (seconds_now() - begun));
            contender.cpu_micros.push_back((cpu_seconds() - cpu_begun) * 1e6 / rows);
        }
    }
}

std::function<void(StoreBatch const&)> through_port(SqliteResultStore& store) {
    return [&store](StoreBatch const& batch) {
        auto const appended = store.append(batch);
        if (!appended) {
            std::fprintf(stderr, "store: %s\n", appended.error().message.c_str());
            std::abort();
        }
    };
}

std::function<void(StoreBatch const&)> by_hand(RawStore& raw) {
    return [&raw](StoreBatch const& batch) { raw.append(batch); };
}

double ratio(Contender const& a, Contender const& b) {
    std::vector<double> ratios;
    for (std::size_t round = 0; round < a.rows_per_second.size(); ++round) {
        ratios.push_back(a.rows_per_second[round] / b.rows_per_second[round]);
    }
    return median(ratios);
}

/// The figures of one race, as a table and as JSON.
struct Report {
    std::string json;
    bool within_budget{true};

    /// The first contender is the store; `floor` is the one that its budget is held against.
    void add(std::string const& title, std::vector<Contender> const& contenders,
             std::size_t floor) {
        fmt::print("\n{}\n{:<28}{:>12}{:>12}{:>14}\n", title, "", "rows/s", "CPU us/row",
                   "store is x of");
        for (auto const& contender : contenders) {
            auto const times = ratio(contenders[0], contender);
            bool const is_floor = &contender == &contenders[floor];
            fmt::print(
                "{:<28}{:>12.0f}{:>12.2f}{:>14.2f}{}\n", contender.name,
                median(contender.rows_per_second), median(contender.cpu_micros), times,
                is_floor ? (times >= kBudget ? "  ok (>= 0.70)" : "  TOO SLOW (< 0.70)") : "");
            json += fmt::format(
                R"({}{{"race":"{}","name":"{}","rowsPerSecond":{:.0f},"cpuMicros":{:.3f},)"
                R"("storeRatio":{:.3f}}})",
                json.empty() ? "" : ",", title, contender.name, median(contender.rows_per_second),
                median(contender.cpu_micros), times);
            within_budget = within_budget && (!is_floor || times >= kBudget);
        }
    }

    void figure(std::string const& name, double value, std::string const& unit) {
        fmt::print("{:<52}{:>10.2f} {}\n", name, value, unit);
        json += fmt::format(R"(,{{"name":"{}","value":{:.3f},"unit":"{}"}})", name, value, unit);
    }
};

class Bench {
public:
    explicit Bench(Options options) : options_(std::move(options)) {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
    }
    ~Bench() { std::filesystem::remove_all(folder_); }
    Bench(Bench const&) = delete;
    Bench& operator=(Bench const&) = delete;

    int run() {
        into_new_files(100);
        into_new_files(10'000);
        into_filled_files(10'000);
        if (!options_.json.empty()) {
            std::ofstream(options_.json) << "[" << report_.json << "]\n";
        }
        return report_.within_budget ? 0 : 1;
    }

private:
    std::string file(std::string const& name) { return (folder_ / name).string(); }

    std::unique_ptr<SqliteResultStore> open(std::string const& path, Checks& checks) {
        auto opened = SqliteResultStore::open(path);
        if (!opened || !(*opened)->append(checks.registry())) {
            std::fprintf(stderr, "cannot open the store\n");
            std::abort();
        }
        return std::move(*opened);
    }

    void into_new_files(std::int64_t services) {
        auto const prefix = std::to_string(services);
        Checks checks(services);
        auto const store = open(file(prefix + "-store"), checks);
        RawStore indexed(file(prefix + "-indexed"), RawStore::Kind::indexed);
        RawStore wide(file(prefix + "-wide"), RawStore::Kind::wide);
        RawStore log(file(prefix + "-log"), RawStore::Kind::log);
        std::vector<Contender> contenders{{"store", through_port(*store), {}, {}},
                                          {"raw, one index", by_hand(indexed), {}, {}},
                                          {"raw, contract's columns", by_hand(wide), {}, {}},
                                          {"raw, no index, no queries", by_hand(log), {}, {}}};
        race(contenders, checks, options_);
        report_.add(fmt::format("new file, {} services", services), contenders, 1);
    }

    void into_filled_files(std::int64_t services) {
        auto const path = file("filled-store");
        Checks checks(services);
        auto store = open(path, checks);
        auto const append = through_port(*store);
        for (std::int64_t rows = 0; rows < options_.held; rows += 10'000) {
            append(checks.next(10'000));
        }
        RawStore indexed(file("filled-indexed"), RawStore::Kind::indexed);
        indexed.prefill(options_.held, services, kFirst.time_since_epoch().count());
        std::vector<Contender> contenders{{"store", append, {}, {}},
                                          {"raw, one index", by_hand(indexed), {}, {}}};
        race(contenders, checks, options_);
        report_.add(fmt::format("{} rows held, {} services", options_.held, services), contenders,
                    1);
        measure_reads(path);
        store.reset();
        measure_size(path);
        measure_forgetting(path);
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
                auto const begun = seconds_now();
                auto const read = (*reader)->checks(query, [&rows](CheckRow const&) {
                    ++rows;
                    return true;
                });
                millis.push_back((seconds_now() - begun) * 1e3);
                if (!read) {
                    std::fprintf(stderr, "reader: %s\n", read.error().message.c_str());
                    std::abort();
                }
            }
            report_.figure(fmt::format("reading all of {} ({} rows)",
                                       whole_project ? "a project of 10" : "one service", rows),
                           median(millis), "ms");
        }
    }

    void measure_size(std::string const& path) {
        auto database = SqliteDatabase::open(path, {});
        auto const number = [&database](std::string_view sql) {
            return static_cast<double>(database->compile(sql)->bind().number()->value_or(0));
        };
        auto const rows = number("SELECT count(*) FROM check_result");
        auto const bytes = number("SELECT sum(pgsize) FROM dbstat WHERE name = 'check_result'");
        fmt::print("\n");
        report_.figure("bytes a check, its table", bytes / rows, "B");
        report_.figure("bytes a check, the whole file",
                       static_cast<double>(std::filesystem::file_size(path)) / rows, "B");
    }

    void measure_forgetting(std::string const& path) {
        auto const store = SqliteResultStore::open(path);
        std::vector<double> millis;
        for (int index = 1; index <= 10; ++index) {
            auto const begun = seconds_now();
            auto const before = kFirst + index * Millis(options_.held / 40);
            if (!(*store)->forget({.checks_before = before})) {
                std::abort();
            }
            millis.push_back((seconds_now() - begun) * 1e3);
        }
        report_.figure("one forget() of old checks", median(millis), "ms");
    }

    Options const options_;
    std::filesystem::path const folder_ =
        std::filesystem::temp_directory_path() / fmt::format("muster-bench-store-{}", ::getpid());
    Report report_;
};

}  // namespace
}  // namespace muster::bench

int main(int argc, char** argv) {
    muster::bench::Options options;
    for (int index = 1; index + 1 < argc; index += 2) {
        std::string_view const name = argv[index];
        std::string const value = argv[index + 1];
        if (name == "--rounds") {
            options.rounds = std::stoul(value);
        } else if (name == "--batches") {
            options.batches = std::stoul(value);
        } else if (name == "--held") {
            options.held = std::stoll(value);
        } else if (name == "--json") {
            options.json = value;
        } else {
            std::fprintf(stderr, "what is %s?\n", argv[index]);
            return 2;
        }
    }
    return muster::bench::Bench(std::move(options)).run();
}
