#include <demo/json.hpp>

#include <cmath>
#include <cstdint>

#include <nlohmann/json.hpp>

namespace muster::demo {
namespace {

using Json = nlohmann::ordered_json;

constexpr auto kModes = "one of slow, fail, unhealthy, hang, die, recover";
constexpr auto kDefaultDelay = Millis{1500};
constexpr auto kMaxDelayMs = 60'000.0;
constexpr auto kMaxForSeconds = 86'400.0;

/// Log lines and query strings may carry anything; an answer is always valid UTF-8.
std::string text_of(Json const& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<ChaosMode> read_mode(Json const& body) {
    auto const mode = body.find("mode");
    if (mode == body.end()) {
        return failure(Errc::invalid, std::string{"mode: missing, give "} + kModes);
    }
    if (!mode->is_string()) {
        return failure(Errc::invalid, std::string{"mode: must be a string, "} + kModes);
    }
    auto const name = mode->get<std::string>();
    if (name == "recover") {
        return ChaosMode::none;
    }
    auto const known = parse_enum<ChaosMode>(name);
    if (!known || *known == ChaosMode::none) {
        return failure(Errc::invalid, "mode: must be " + std::string{kModes});
    }
    return *known;
}

/// A number in (0, most]; nothing where the field is missing or null.
Result<std::optional<double>> read_number(Json const& body, char const* field, double most) {
    auto const entry = body.find(field);
    if (entry == body.end() || entry->is_null()) {
        return std::nullopt;
    }
    auto const value = entry->is_number() ? entry->get<double>() : 0.0;
    if (!(value > 0.0 && value <= most)) {
        return failure(Errc::invalid, std::string{field} + ": must be a number above 0, at most " +
                                          std::to_string(static_cast<std::int64_t>(most)));
    }
    return value;
}

Result<void> refuse_unknown_fields(Json const& body) {
    for (auto const& entry : body.items()) {
        if (entry.key() != "mode" && entry.key() != "delayMs" && entry.key() != "forSeconds") {
            return failure(Errc::invalid,
                           entry.key() + ": unknown field, known are mode, delayMs, forSeconds");
        }
    }
    return {};
}

}  // namespace

std::string health_json(Figures const& figures, WallTime now, bool running) {
    return text_of({{"status", running ? "healthy" : "down"},
                    {"lastCheck", to_rfc3339(now)},
                    {"uptime", figures.uptime_percent},
                    {"isRunning", running},
                    {"responseTime", figures.response_ms}});
}

std::string metrics_json(Figures const& figures) {
    auto usage = Json::object();
    for (auto const& api : figures.api_usage) {
        usage[std::string{api.name}] = api.calls;
    }
    return text_of({{"requestsPerSecond", figures.requests_per_second},
                    {"errorRate", figures.error_percent},
                    {"errorCount", figures.error_count},
                    {"memoryUsagePercent", figures.memory_percent},
                    {"cpuUsagePercent", figures.cpu_percent},
                    {"apiUsage", std::move(usage)},
                    {"databaseQueryTime", figures.query_ms}});
}

std::string status_json(Figures const& figures, WallTime now, bool running) {
    return text_of({{"isRunning", running},
                    {"currentTasks", figures.current_tasks},
                    {"activeUsers", figures.active_users},
                    {"lastUpdate", to_rfc3339(now)},
                    {"nextScheduledTask", to_rfc3339(figures.next_task)}});
}

std::string logs_json(LogPage const& page) {
    auto lines = Json::array();
    for (auto const& line : page.lines) {
        lines.push_back({{"timestamp", to_rfc3339(line.at)},
                         {"level", to_string(line.level)},
                         {"message", line.message}});
    }
    return text_of({{"logs", std::move(lines)}, {"total", page.total}});
}

std::string chaos_json(Chaos const& chaos) {
    auto json = Json{{"mode", to_string(chaos.mode)}};
    if (chaos.mode == ChaosMode::slow) {
        json["delayMs"] = chaos.delay.count();
    }
    if (chaos.lasts) {
        json["secondsLeft"] = static_cast<double>(chaos.lasts->count()) / 1000.0;
    }
    return text_of(json);
}

std::string about_json(Personality const& who) {
    return text_of({{"name", who.name},
                    {"description", who.description},
                    {"endpoints",
                     {"GET /health", "GET /metrics", "GET /status", "GET /logs?limit=100&offset=0",
                      "GET /chaos", "POST /chaos"}}});
}

std::string error_json(std::string_view what) {
    return text_of({{"error", what}});
}

Result<Chaos> parse_chaos(std::string_view body_text) {
    auto const body = Json::parse(body_text, nullptr, false);
    if (!body.is_object()) {
        return failure(Errc::invalid, R"(body: must be a JSON object such as {"mode":"fail"})");
    }
    if (auto const known = refuse_unknown_fields(body); !known) {
        return tl::unexpected(known.error());
    }
    auto const mode = read_mode(body);
    auto const delay_ms = read_number(body, "delayMs", kMaxDelayMs);
    auto const for_seconds = read_number(body, "forSeconds", kMaxForSeconds);
    if (!mode || !delay_ms || !for_seconds) {
        return tl::unexpected(!mode       ? mode.error()
                              : !delay_ms ? delay_ms.error()
                                          : for_seconds.error());
    }
    auto chaos = Chaos{.mode = *mode, .delay = kDefaultDelay, .lasts = {}};
    if (*delay_ms) {
        chaos.delay = Millis{std::llround(**delay_ms)};
    }
    if (*for_seconds && *mode != ChaosMode::none) {
        chaos.lasts = Millis{std::llround(**for_seconds * 1000.0)};
    }
    return chaos;
}

}  // namespace muster::demo
