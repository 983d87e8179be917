#include <muster/codec/system_json.hpp>

#include <string_view>

#include <muster/base/utf8.hpp>
#include <muster/codec/json_text.hpp>

namespace muster {
namespace {

void append_journal(std::string& out, SystemHealth const& health) {
    JsonObject journal(out);
    journal.text("status", to_string(health.journal));
    if (health.journal_lag) {
        journal.number("lagMs", std::int64_t{health.journal_lag->count()});
    } else {
        journal.null("lagMs");
    }
    if (health.journal_bytes) {
        append_json_number(journal.key("bytes"), *health.journal_bytes);
    } else {
        journal.null("bytes");
    }
    journal.close();
}

void append_process(std::string& out, SystemHealth::Process const& process) {
    JsonObject object(out);
    object.text("name", process.name);
    object.text("status", to_string(process.state));
    if (process.last_seen) {
        object.time("lastSeen", *process.last_seen);
    } else {
        object.null("lastSeen");
    }
    object.close();
}

void append_lateness(std::string& out, SystemHealth::Lateness const& lateness) {
    JsonObject object(out);
    auto const millis = [&object](std::string_view name, Micros time) {
        object.number(name, static_cast<double>(time.count()) / 1'000.0);
    };
    append_json_number(object.key("count"), lateness.count);
    millis("p50Ms", lateness.p50);
    millis("p95Ms", lateness.p95);
    millis("p99Ms", lateness.p99);
    millis("maxMs", lateness.longest);
    object.close();
}

}  // namespace

void append_system_health(std::string& out, SystemHealth const& health) {
    JsonObject object(out);
    object.text("hub", to_string(health.hub));
    object.text("database", to_string(health.database));
    object.text("bus", to_string(health.bus));
    append_journal(object.key("journal"), health);
    auto& processes = object.key("processes");
    processes += '[';
    for (auto const& process : health.processes) {
        processes += &process == &health.processes.front() ? "" : ",";
        append_process(processes, process);
    }
    processes += ']';
    append_json_number(object.key("webSocketClients"), health.web_socket_clients);
    if (health.lateness) {
        append_lateness(object.key("lateness"), *health.lateness);
    } else {
        object.null("lateness");
    }
    auto& problems = object.key("problems");
    problems += '[';
    for (auto const& problem : health.problems) {
        problems += &problem == &health.problems.front() ? "" : ",";
        append_json_string(problems, clean_text(problem));
    }
    problems += ']';
    object.close();
}

}  // namespace muster
