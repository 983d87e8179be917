#include "surroundings.hpp"

#include <cmath>
#include <csignal>
#include <fstream>
#include <limits>
#include <sstream>

#include <nlohmann/json.hpp>

namespace muster::e2e {

Surroundings::Surroundings() {
    std::ofstream(folder.path() / "muster.yaml") << R"(
defaults: { interval: 100ms, timeout: 20s, degradedAbove: 20s, retries: 0 }
projects:
  - name: alive
    url: )" << alive.url() << R"(
    healthCheckInterval: 100ms
    metrics: off
  - name: dead
    url: http://127.0.0.1:9
    healthCheckInterval: 100ms
    metrics: off
)";
}

void Surroundings::start_hub() {
    hub_ = std::make_unique<HubProcess>(
        folder.path(), "",
        std::map<std::string, std::string>{
            {"DATABASE_URL", postgres.url(database) + "?connect_timeout=2"},
            {"REDIS_URL", redis.url()}});
}

void Surroundings::kill_hub() {
    hub_->process().signal(SIGKILL);
    (void)hub_->process().wait_for_end();
    hub_.reset();
}

int Surroundings::end_hub() {
    // Both have everything but what came just now.
    (void)soon(std::chrono::seconds(30), [this] {
        return figure(R"(muster_journal_lag_seconds{follower="bus"})") < 1 &&
               figure(R"(muster_journal_lag_seconds{follower="store"})") < 1;
    });
    hub_->process().signal(SIGTERM);
    auto const code = hub_->process().wait_for_end();
    hub_.reset();
    return code;
}

template <class Is>
bool Surroundings::soon(std::chrono::seconds patience, Is is_so) {
    auto const deadline = std::chrono::steady_clock::now() + patience;
    while (!is_so()) {
        if (std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
        hub_->process().listen_for(20);
    }
    return true;
}

bool Surroundings::told(std::string const& part, std::string const& state) {
    auto const wanted = "\"" + part + "\":\"" + state + "\"";
    auto const patience = state == "up" ? std::chrono::seconds(20) : kToldWithin;
    return soon(patience,
                [&] { return hub_->get("/api/system/health").find(wanted) != std::string::npos; });
}

bool Surroundings::ready(bool ready) {
    auto const patience = ready ? std::chrono::seconds(20) : kToldWithin;
    return soon(patience, [&] { return hub_->get("/ready").empty() != ready; });
}

bool Surroundings::watches_on() {
    constexpr char const* kProbes = R"(muster_probes_total{kind="http",outcome="passed"})";
    auto before = figure(kProbes);
    auto const goes_on = [&] {
        auto const now = figure(kProbes);
        before = std::isnan(before) ? now : before;  // it has just begun, and published nothing
        return now >= before + 5;
    };
    return soon(std::chrono::seconds(10), goes_on) &&
           hub_->get("/api/projects/status").find(R"("status":"healthy")") != std::string::npos &&
           hub_->get("/health").find("healthy") != std::string::npos;
}

/// Not a number where there is no such series.
double Surroundings::figure(std::string const& series) const {
    auto const sheet = "\n" + hub_->get("/metrics");
    auto const at = sheet.find("\n" + series + " ");
    return at == std::string::npos ? std::numeric_limits<double>::quiet_NaN()
                                   : std::stod(sheet.substr(at + series.size() + 2));
}

StoredHistory Surroundings::history_in_postgres() const {
    return e2e::history_in_postgres(postgres, database);
}

StoredHistory Surroundings::history_in_journal() const {
    return e2e::history_in_journal(folder.path() / "data");
}

Surroundings::Stream Surroundings::stream() const {
    testing::ChildProcess reader(
        testing::find_program("redis-cli"),
        {"-h", redis.place().address, "-p", std::to_string(redis.place().port), "--raw", "XRANGE",
         "muster:health", "-", "+"},
        {});
    Stream stream;
    if (reader.wait_for_end() != 0) {
        stream.trouble = reader.output();
        return stream;
    }
    std::istringstream lines(reader.output());
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind('{', 0) != 0) {
            continue;  // the entry's id, or its field
        }
        auto const batch = nlohmann::json::parse(line);
        auto const first = batch.at("firstSeq").get<std::uint64_t>();
        if (stream.last != 0 && first != stream.last + 1) {
            stream.trouble +=
                std::to_string(first) + " behind " + std::to_string(stream.last) + " ";
        }
        stream.first = stream.first == 0 ? first : stream.first;
        stream.last = batch.at("lastSeq").get<std::uint64_t>();
        stream.results += batch.at("results").size();
    }
    return stream;
}

int Surroundings::rows_that_say(std::string const& condition) const {
    return std::stoi(
        postgres.ask(database, "SELECT count(*) FROM system_health WHERE " + condition));
}

}  // namespace muster::e2e
