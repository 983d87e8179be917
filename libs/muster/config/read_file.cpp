#include <muster/config/read_file.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <muster/config/environment.hpp>
#include <muster/config/mapping.hpp>
#include <muster/config/read_project.hpp>
#include <muster/config/values.hpp>
#include <muster/domain/names.hpp>

namespace muster::config {
namespace {

constexpr DurationBounds kIntervalBounds{100ms, 7 * 24h};
constexpr DurationBounds kTimeBounds{1ms, 10min};
constexpr DurationBounds kRetentionBounds{1h, 3650 * 24h};
constexpr CountBounds kThresholdBounds{1, 1000};
constexpr CountBounds kInFlightBounds{1, 100'000};

/// The field's value as a section; an empty one where it is not given.
Mapping section(Reading& reading, Mapping const& file, std::string_view key, Section kind) {
    static YamlTree const kNothing;
    auto const* field = file.find(key);
    return {reading, field == nullptr ? kNothing.root() : field->value, kind};
}

void add_listen(Reading& reading, YamlNode value, std::vector<HostPort>& out) {
    constexpr std::string_view kWanted = "host:port, such as 0.0.0.0:3001, or a list of them";
    auto const text = scalar_of(reading, value, "listen", kWanted);
    if (!text) {
        return;
    }
    if (auto endpoint = parse_listen(*text)) {
        out.push_back(*std::move(endpoint));
    } else {
        refuse_value(reading, value, "listen", kWanted);
    }
}

void read_hub(Reading& reading, Mapping const& from, HubSettings& out) {
    if (auto const* field = from.find("id")) {
        constexpr std::string_view kWanted = "a name: letters, digits, - and _, at most 100";
        auto const id = scalar_of(reading, field->value, "id", kWanted);
        if (id && is_valid_name(*id)) {
            out.id = *id;
        } else if (id) {
            refuse_value(reading, field->value, "id", kWanted);
        }
    }
    if (auto const* field = from.find("listen")) {
        std::vector<HostPort> listen;
        if (field->value.kind() != NodeKind::list) {
            add_listen(reading, field->value, listen);
        } else if (field->value.begin() == field->value.end()) {
            reading.refuse(field->value, "'listen' is an empty list: give at least one host:port");
        } else {
            for (auto const item : field->value) {
                add_listen(reading, item, listen);
            }
        }
        if (!listen.empty()) {
            out.listen = std::move(listen);
        }
    }
}

void read_logging(Reading& reading, Mapping const& from, LoggingSettings& out) {
    if (auto const level = read_word(reading, from, "level", log_level_words())) {
        out.level = static_cast<LogLevel>(*level);
    }
    if (auto const format = read_word(reading, from, "format", log_format_words())) {
        out.format = static_cast<LogFormat>(*format);
    }
}

void read_limits(Reading& reading, Mapping const& from, LimitSettings& out) {
    std::uint64_t in_flight = out.in_flight;
    std::uint64_t per_host = out.per_host;
    read_count(reading, from, "inFlight", kInFlightBounds, in_flight);
    read_count(reading, from, "perHost", kInFlightBounds, per_host);
    out.in_flight = in_flight;
    out.per_host = per_host;
}

void read_defaults(Reading& reading, Mapping const& from, ServiceDefaults& out) {
    read_duration(reading, from, "interval", kIntervalBounds, out.interval);
    read_duration(reading, from, "timeout", kTimeBounds, out.timeout);
    read_duration(reading, from, "degradedAbove", kTimeBounds, out.degraded_above);
    std::uint64_t retries = out.retries;
    std::uint64_t successes = out.success_threshold;
    read_count(reading, from, "retries", CountBounds{0, kThresholdBounds.most}, retries);
    read_count(reading, from, "successThreshold", kThresholdBounds, successes);
    out.retries = static_cast<std::uint32_t>(retries);
    out.success_threshold = static_cast<std::uint32_t>(successes);
}

bool is_origin(std::string_view text) {
    if (text == "*") {
        return true;
    }
    auto const url = parse_url(text);
    return url && url->target == "/" && text.back() != '/' && url->user_info.empty() &&
           text.find_first_of("?#") == std::string_view::npos;
}

void read_cors(Reading& reading, Mapping const& from, CorsSettings& out) {
    auto origins = out.origins;
    read_texts(reading, from, "origins", origins);
    for (auto const& origin : origins) {
        if (!is_origin(origin)) {
            refuse_value(reading, from.find("origins")->value, "origins",
                         "\"*\" or origins such as https://example.org:8443, without a path");
            return;
        }
    }
    out.origins = std::move(origins);
}

void read_projects(Reading& reading, Mapping const& file, Configuration& out) {
    auto const* field = file.find("projects");
    if (field == nullptr || field->value.kind() == NodeKind::nothing) {
        return;
    }
    if (field->value.kind() != NodeKind::list) {
        refuse_value(reading, field->value, "projects", "a list of projects (- name: ...)");
        return;
    }
    std::map<std::string, int, std::less<>> lines;
    for (auto const entry : field->value) {
        auto project = read_project(reading, entry, out.defaults);
        if (!project) {
            continue;
        }
        auto const [first, is_new] = lines.emplace(project->name, entry.line());
        if (is_new) {
            out.projects.push_back(*std::move(project));
        } else {
            reading.refuse(entry, "project '" + project->name + "' is already given in line " +
                                      std::to_string(first->second));
        }
    }
}

}  // namespace

void read_file(Reading& reading, YamlTree const& tree, Configuration& out) {
    Mapping const file(reading, tree.root(), Section::file);
    read_hub(reading, section(reading, file, "hub", Section::hub), out.hub);
    read_logging(reading, section(reading, file, "logging", Section::logging), out.logging);
    read_limits(reading, section(reading, file, "limits", Section::limits), out.limits);
    read_cors(reading, section(reading, file, "cors", Section::cors), out.cors);
    read_duration(reading, section(reading, file, "retention", Section::retention), "raw",
                  kRetentionBounds, out.retention.raw);
    read_defaults(reading, section(reading, file, "defaults", Section::defaults), out.defaults);
    read_projects(reading, file, out);
}

}  // namespace muster::config
