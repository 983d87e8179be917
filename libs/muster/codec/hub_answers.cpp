#include <muster/codec/hub_answers.hpp>

#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include <muster/base/utf8.hpp>
#include <muster/codec/clean_lines.hpp>
#include <muster/codec/json_text.hpp>

namespace muster {
namespace {

using Json = nlohmann::ordered_json;

tl::unexpected<Error> no_answer() {
    return failure(Errc::corrupt, "that is no answer of a hub");
}

Json const* member(Json const& object, char const* key) {
    if (!object.is_object()) {
        return nullptr;
    }
    auto const found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

std::string text_of(Json const& object, char const* key) {
    auto const* const value = member(object, key);
    return value != nullptr && value->is_string() ? clean_text(value->get<std::string>())
                                                  : std::string();
}

std::optional<double> number_of(Json const& object, char const* key) {
    auto const* const value = member(object, key);
    if (value == nullptr || !value->is_number()) {
        return std::nullopt;
    }
    auto const number = value->get<double>();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

/// Whole, and nothing where a whole number of 53 bits cannot hold it.
std::int64_t integer_of(Json const& object, char const* key) {
    constexpr double kMost = 9'007'199'254'740'992.0;
    auto const number = number_of(object, key);
    return number && std::abs(*number) <= kMost ? static_cast<std::int64_t>(*number) : 0;
}

std::uint64_t count_of(Json const& object, char const* key) {
    auto const number = integer_of(object, key);
    return number > 0 ? static_cast<std::uint64_t>(number) : 0;
}

bool flag_of(Json const& object, char const* key) {
    auto const* const value = member(object, key);
    return value != nullptr && value->is_boolean() && value->get<bool>();
}

std::optional<WallTime> time_of(Json const& object, char const* key) {
    auto const time = parse_rfc3339(text_of(object, key));
    return time ? std::optional(*time) : std::nullopt;
}

std::optional<Millis> millis_of(Json const& object, char const* key) {
    return number_of(object, key) ? std::optional(Millis(integer_of(object, key))) : std::nullopt;
}

std::vector<std::string> texts_of(Json const& object, char const* key) {
    std::vector<std::string> texts;
    auto const* const list = member(object, key);
    if (list != nullptr && list->is_array()) {
        for (auto const& item : *list) {
            if (item.is_string()) {
                texts.push_back(clean_text(item.get<std::string>()));
            }
        }
    }
    return texts;
}

Overlays overlays_of(Json const& object) {
    Overlays overlays;
    for (auto const& word : texts_of(object, "overlays")) {
        if (auto const overlay = parse_enum<Overlay>(word)) {
            overlays.set(*overlay, true);
        }
    }
    return overlays;
}

/// In a service's words or a project's.
HealthStatus status_of(Json const& object) {
    auto const word = text_of(object, "status");
    if (word == project_word(HealthStatus::up)) {
        return HealthStatus::up;
    }
    return parse_enum<HealthStatus>(word).value_or(HealthStatus::unknown);
}

/// Null where it is no object. What nests too deep is refused before anything is built of it.
Json parse(std::string_view text) {
    return is_json_object(text) ? Json::parse(text, nullptr, false) : Json();
}

/// A refused configuration is told with all its mistakes, one a line.
constexpr std::size_t kLongestRefusal = std::size_t{64} << 10U;

/// The hub's words and what its code asks for.
Error refusal_in(Json const& answer) {
    auto const code = text_of(answer, "code");
    auto const* const told = member(answer, "error");
    Error error{Errc::invalid, told != nullptr && told->is_string()
                                   ? clean_lines(told->get<std::string>(), kLongestRefusal)
                                   : std::string()};
    if (error.message.empty()) {
        error.message = "the hub refused and did not say why";
    }
    if (code == "NOT_FOUND") {
        error.code = Errc::not_found;
    } else if (code == "CONFLICT") {
        error.code = Errc::conflict;
    } else if (code == "NOT_READY" || code == "NOT_RUNNING" || code == "TOO_MANY_REQUESTS") {
        error.code = Errc::unavailable;
    }
    return error;
}

struct Envelope {
    Json data;
    std::uint64_t total{0};
    std::optional<WallTime> at;
};

Result<Envelope> open_envelope(std::string_view text) {
    auto answer = parse(text);
    auto const* const success = member(answer, "success");
    if (success == nullptr || !success->is_boolean()) {
        return no_answer();
    }
    if (!success->get<bool>()) {
        return tl::unexpected(refusal_in(answer));
    }
    auto const data = answer.find("data");
    if (data == answer.end()) {
        return no_answer();
    }
    Envelope envelope;
    envelope.total = count_of(answer, "total");
    envelope.at = time_of(answer, "timestamp");
    envelope.data = std::move(*data);
    return envelope;
}

/// One whose data is an object.
Result<Envelope> open_object(std::string_view text) {
    auto envelope = open_envelope(text);
    if (envelope && !envelope->data.is_object()) {
        return no_answer();
    }
    return envelope;
}

/// A list; elements of which `read` makes nothing are left out.
template <class Item, class Read>
Result<AnsweredList<Item>> list(std::string_view text, Read read) {
    auto const envelope = open_envelope(text);
    if (!envelope) {
        return tl::unexpected(envelope.error());
    }
    if (!envelope->data.is_array()) {
        return no_answer();
    }
    AnsweredList<Item> items;
    items.at = envelope->at;
    items.total = envelope->total;
    items.items.reserve(envelope->data.size());
    for (auto const& element : envelope->data) {
        std::optional<Item> item = read(element);
        if (item) {
            items.items.push_back(std::move(*item));
        }
    }
    return items;
}

std::string line_of(Json const& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ProjectView project_in(std::string const& name, Json const& object) {
    ProjectView project;
    project.name = clean_text(name);
    project.status = status_of(object);
    project.last_check = time_of(object, "lastCheck");
    project.response_time = millis_of(object, "responseTime");
    project.running = flag_of(object, "isRunning");
    project.uptime_percent = number_of(object, "uptime").value_or(0);
    project.coverage_percent = number_of(object, "coverage").value_or(0);
    project.overlays = overlays_of(object);
    return project;
}

void read_details(Json const& details, AnsweredService& service) {
    service.kind = text_of(details, "kind");
    service.target = text_of(details, "target");
    service.view.running = flag_of(details, "isRunning");
    service.view.uptime_percent = number_of(details, "uptime").value_or(0);
    service.view.coverage_percent = number_of(details, "coverage").value_or(0);
    service.view.details.error = text_of(details, "error");
    service.view.details.note = text_of(details, "note");
    service.view.details.http_status =
        static_cast<std::uint16_t>(count_of(details, "httpStatus") % 1'000);
    service.view.details.certificate_expires = time_of(details, "certificateExpires");
}

AnsweredService service_in(Json const& object) {
    AnsweredService service;
    auto& view = service.view;
    view.id.value = integer_of(object, "id");
    view.project_id.value = integer_of(object, "projectId");
    view.project = text_of(object, "project");
    view.name = text_of(object, "name");
    view.type = parse_enum<ServiceType>(text_of(object, "type")).value_or(ServiceType::other);
    view.critical = flag_of(object, "critical");
    view.status = status_of(object);
    view.overlays = overlays_of(object);
    view.last_check = time_of(object, "lastCheck");
    view.response_time = millis_of(object, "responseTimeMs");
    view.failures = static_cast<std::uint32_t>(count_of(object, "consecutiveFailures"));
    if (auto const* const details = member(object, "details")) {
        read_details(*details, service);
    }
    service.interval = text_of(object, "interval");
    service.timeout = text_of(object, "timeout");
    service.group = text_of(object, "group");
    service.owner = text_of(object, "owner");
    service.tags = texts_of(object, "tags");
    service.depends_on = texts_of(object, "dependsOn");
    return service;
}

AnsweredEvent event_in(Json const& object) {
    AnsweredEvent event;
    event.id = integer_of(object, "id");
    event.project = text_of(object, "projectName");
    event.service = text_of(object, "serviceName");
    event.type = text_of(object, "eventType");
    event.severity = text_of(object, "severity");
    event.description = text_of(object, "description");
    event.at = time_of(object, "occurredAt");
    if (auto const* const metadata = member(object, "metadata")) {
        event.overlay = text_of(*metadata, "overlay");
        event.overlay_on = flag_of(*metadata, "on");
        event.root_cause = text_of(*metadata, "rootCause");
    }
    event.json = line_of(object);
    return event;
}

std::optional<AnsweredBucket> bucket_in(Json const& object) {
    auto const from = time_of(object, "from");
    auto const to = time_of(object, "to");
    if (!from || !to || *to <= *from) {
        return std::nullopt;
    }
    AnsweredBucket bucket;
    bucket.service = text_of(object, "serviceName");
    bucket.from = *from;
    bucket.to = *to;
    bucket.checks = count_of(object, "checks");
    bucket.up = count_of(object, "up");
    bucket.degraded = count_of(object, "degraded");
    bucket.down = count_of(object, "down");
    bucket.unobserved = millis_of(object, "unobservedMs").value_or(Millis(0));
    bucket.mean_ms = number_of(object, "avgMs");
    bucket.longest_ms = number_of(object, "maxMs");
    return bucket;
}

std::optional<AnsweredCheck> check_in(Json const& object) {
    auto const started = time_of(object, "lastCheck");
    if (!started) {
        return std::nullopt;
    }
    AnsweredCheck check;
    check.service = text_of(object, "serviceName");
    check.status = text_of(object, "status");
    check.started_at = started;
    check.response_ms = number_of(object, "responseTimeMs").value_or(0);
    check.error = text_of(object, "errorMessage");
    return check;
}

std::string match_text(Json const& match) {
    std::string text;
    for (char const* const key : {"projects", "services", "types", "tags", "groups"}) {
        std::string names;
        for (auto const& name : texts_of(match, key)) {
            names += (names.empty() ? "" : " ") + name;
        }
        if (!names.empty()) {
            text += (text.empty() ? "" : ", ") + std::string(key) + " " + names;
        }
    }
    if (auto const* const critical = member(match, "critical");
        critical != nullptr && critical->is_boolean()) {
        text += (text.empty() ? "" : ", ") +
                std::string(critical->get<bool>() ? "critical ones" : "those not critical");
    }
    return text.empty() ? "everything" : text;
}

std::string when_text(Json const& object) {
    if (auto const* const weekly = member(object, "weekly")) {
        return "every " + text_of(*weekly, "day") + " " + text_of(*weekly, "from") + " to " +
               text_of(*weekly, "to") + " " + text_of(*weekly, "zone");
    }
    auto const from = text_of(object, "from");
    auto const until = text_of(object, "until");
    return (from.empty() ? std::string("always") : "from " + from) +
           (until.empty() ? "" : " until " + until);
}

AnsweredWindow window_in(Json const& object) {
    AnsweredWindow window;
    window.id = integer_of(object, "id");
    window.match = match_text(object.is_object() && object.contains("match") ? object["match"]
                                                                             : Json::object());
    window.when = when_text(object);
    window.why = text_of(object, "why");
    window.owner = text_of(object, "owner");
    return window;
}

AnsweredProbe probe_in(Json const& object) {
    AnsweredProbe probe;
    probe.project = text_of(object, "project");
    probe.service = text_of(object, "service");
    probe.status = status_of(object);
    probe.response_ms = number_of(object, "responseTime");
    probe.error = text_of(object, "errorMessage");
    if (auto const* const details = member(object, "details")) {
        probe.note = text_of(*details, "note");
        probe.http_status = integer_of(*details, "httpStatus");
    }
    return probe;
}

}  // namespace

Result<AnsweredList<ProjectView>> read_status_answer(std::string_view text) {
    auto const envelope = open_object(text);
    if (!envelope) {
        return tl::unexpected(envelope.error());
    }
    AnsweredList<ProjectView> projects;
    projects.at = envelope->at;
    projects.total = envelope->data.size();
    for (auto const& [name, project] : envelope->data.items()) {
        projects.items.push_back(project_in(name, project));
    }
    return projects;
}

Result<AnsweredList<AnsweredService>> read_services_answer(std::string_view text) {
    return list<AnsweredService>(text, service_in);
}

Result<AnsweredService> read_service_answer(std::string_view text) {
    auto const envelope = open_object(text);
    if (!envelope) {
        return tl::unexpected(envelope.error());
    }
    auto service = service_in(envelope->data);
    service.at = envelope->at;
    return service;
}

Result<AnsweredList<AnsweredEvent>> read_events_answer(std::string_view text) {
    return list<AnsweredEvent>(text, event_in);
}

Result<AnsweredList<AnsweredBucket>> read_buckets_answer(std::string_view text) {
    return list<AnsweredBucket>(text, bucket_in);
}

Result<AnsweredList<AnsweredCheck>> read_checks_answer(std::string_view text) {
    return list<AnsweredCheck>(text, check_in);
}

Result<AnsweredList<AnsweredWindow>> read_windows_answer(std::string_view text) {
    return list<AnsweredWindow>(text, window_in);
}

Result<AnsweredWindow> read_window_answer(std::string_view text) {
    auto const envelope = open_object(text);
    if (!envelope) {
        return tl::unexpected(envelope.error());
    }
    return window_in(envelope->data);
}

Result<AnsweredProbe> read_probe_answer(std::string_view text) {
    auto const envelope = open_object(text);
    if (!envelope) {
        return tl::unexpected(envelope.error());
    }
    return probe_in(envelope->data);
}

Result<std::string> read_answer_data(std::string_view text, std::string_view only) {
    auto const envelope = open_envelope(text);
    if (!envelope) {
        return tl::unexpected(envelope.error());
    }
    if (only.empty()) {
        return line_of(envelope->data);
    }
    auto kept = Json::object();
    std::string const key(only);
    if (auto const* const value = member(envelope->data, key.c_str())) {
        kept[key] = *value;
    }
    return line_of(kept);
}

Result<AnsweredList<std::string>> read_answer_items(std::string_view text) {
    return list<std::string>(text, line_of);
}

Result<AnsweredLife> read_health_answer(std::string_view text) {
    auto const answer = parse(text);
    if (text_of(answer, "status") != "healthy" || !time_of(answer, "timestamp")) {
        return no_answer();
    }
    AnsweredLife life;
    life.ready = true;
    life.at = time_of(answer, "timestamp");
    life.uptime_s = number_of(answer, "uptime").value_or(0);
    return life;
}

Result<AnsweredLife> read_ready_answer(std::string_view text) {
    auto const answer = parse(text);
    auto const* const ready = member(answer, "ready");
    if (ready == nullptr || !ready->is_boolean()) {
        return no_answer();
    }
    AnsweredLife life;
    life.ready = ready->get<bool>();
    life.problem = text_of(answer, "error");
    return life;
}

}  // namespace muster
