#include <muster/config/read_file.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <muster/config/check_mentions.hpp>
#include <muster/config/environment.hpp>
#include <muster/config/mapping.hpp>
#include <muster/config/read_database.hpp>
#include <muster/config/read_maintenance.hpp>
#include <muster/config/read_policy.hpp>
#include <muster/config/read_project.hpp>
#include <muster/config/read_redis.hpp>
#include <muster/config/values.hpp>
#include <muster/domain/names.hpp>

namespace muster::config {
namespace {

constexpr DurationBounds kRetentionBounds{1h, 3650 * 24h};
constexpr CountBounds kInFlightBounds{1, 100'000};
constexpr CountBounds kShardBounds{1, 64};

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
    auto endpoint = parse_listen(*text);
    if (!endpoint) {
        refuse_value(reading, value, "listen", kWanted);
    } else if (endpoint->port != 0 && std::find(out.begin(), out.end(), *endpoint) != out.end()) {
        reading.refuse(value, "'listen' names " + to_text(*endpoint) + " twice");
    } else {
        out.push_back(*std::move(endpoint));
    }
}

void read_listen(Reading& reading, Mapping const& from, std::vector<HostPort>& out) {
    auto const* field = from.find("listen");
    if (field == nullptr) {
        return;
    }
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
        out = std::move(listen);
    }
}

/// Names as a `Host` header carries them, but for the port.
void read_hosts(Reading& reading, Mapping const& from, std::vector<std::string>& out) {
    constexpr std::string_view kWanted =
        "names of this hub without a port, such as muster.example.org";
    std::vector<std::string> texts;
    read_texts(reading, from, "hosts", texts);
    for (auto const& text : texts) {
        auto host = parse_host_port(text + ":1");
        if (!host) {
            reading.refuse(from.find("hosts")->value, "'hosts' wants " + std::string(kWanted));
            return;
        }
        out.push_back(std::move(host->host));
    }
}

void read_hub(Reading& reading, Mapping const& from, HubSettings& out) {
    read_name(reading, from, "id", out.id);
    read_listen(reading, from, out.listen);
    read_hosts(reading, from, out.hosts);
    std::uint64_t shards = out.shards;
    read_count(reading, from, "shards", kShardBounds, shards);
    out.shards = shards;
}

/// Whether the environment sets a token, right or wrong: it is read behind the file.
bool token_in_environment(Reading const& reading) {
    auto const* const environment = reading.environment();
    if (environment == nullptr) {
        return false;
    }
    auto const found = environment->find("MUSTER_TOKEN");
    return found != environment->end() && !found->second.empty();
}

void read_auth(Reading& reading, Mapping const& from, Configuration& out) {
    constexpr std::string_view kWanted = "visible ASCII characters without spaces, at most 1000";
    bool token_is_given = token_in_environment(reading);
    if (auto const* field = from.find("token")) {
        std::optional<std::string> text;
        if (field->value.kind() == NodeKind::scalar) {
            text = scalar_of(reading, field->value, "token", kWanted);
        } else {
            refuse_value(reading, field->value, "token", kWanted);
        }
        token_is_given = token_is_given || !text || !text->empty();
        if (text && !is_visible_ascii(*text)) {
            refuse_secret(reading, field->value, "token", kWanted);
        } else if (text && !text->empty() && !refuse_mask(reading, field->value, "token", *text)) {
            out.token = *std::move(text);
        }
    }
    read_enum(reading, from, "reads", out.reads);
    if (out.reads == Reads::token && !token_is_given) {
        reading.refuse(from.find("reads")->value,
                       "'reads: token' needs a token: set auth.token or MUSTER_TOKEN");
    }
    read_enum(reading, from, "probe", out.probe);
}

void read_logging(Reading& reading, Mapping const& from, LoggingSettings& out) {
    if (auto const level = read_word(reading, from, "level", log_level_words())) {
        out.level = static_cast<LogLevel>(*level);
    }
    if (auto const format = read_word(reading, from, "format", log_format_words())) {
        out.format = static_cast<LogFormat>(*format);
    }
    read_text(reading, from, "file", out.file);
}

void read_limits(Reading& reading, Mapping const& from, LimitSettings& out) {
    std::uint64_t in_flight = out.in_flight;
    std::uint64_t per_host = out.per_host;
    read_count(reading, from, "inFlight", kInFlightBounds, in_flight);
    read_count(reading, from, "perHost", kInFlightBounds, per_host);
    out.in_flight = in_flight;
    out.per_host = per_host;
    each_field(reading, from, "perGroup", "groups with numbers, such as { front: 10 }",
               [&](YamlNode name, YamlNode value) {
                   auto const count = count_of(reading, value, name.text(), kInFlightBounds);
                   if (count && !name.text().empty()) {
                       out.per_group.emplace(name.text(), *count);
                       reading.mentions().matches.push_back(
                           {Mentions::Kind::group, std::string(name.text()), name});
                   } else if (count) {
                       reading.refuse(name, "'perGroup' wants the name of a group");
                   }
               });
}

void read_retention(Reading& reading, Mapping const& from, RetentionSettings& out) {
    read_duration(reading, from, "raw", kRetentionBounds, out.raw);
    read_size(reading, from, "rawSize", out.raw_bytes);
    read_duration(reading, from, "minute", kRetentionBounds, out.minute);
    read_duration(reading, from, "hour", kRetentionBounds, out.hour);
    bool const shrinks = out.raw > out.minute || out.minute > out.hour;
    if (shrinks && !from.fields().empty()) {
        reading.warn(from.node(), "a coarser level is kept for less time than a finer one: raw " +
                                      format_duration(out.raw) + ", minute " +
                                      format_duration(out.minute) + ", hour " +
                                      format_duration(out.hour));
    }
}

void read_defaults(Reading& reading, Mapping const& from, ServiceDefaults& out) {
    read_policy(reading, from, "interval", out.policy);
    read_enum(reading, from, "connection", out.connection);
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
        auto const name = name_in(reading, entry);
        auto const [first, is_new] = lines.emplace(name, entry.line());
        if (!name.empty() && !is_new) {
            reading.refuse(entry, "project '" + name + "' is already given in line " +
                                      std::to_string(first->second));
        } else if (project) {
            out.projects.push_back(*std::move(project));
        }
    }
}

}  // namespace

void read_file(Reading& reading, YamlTree const& tree, Configuration& out) {
    Mapping const file(reading, tree.root(), Section::file);
    read_hub(reading, section(reading, file, "hub", Section::hub), out.hub);
    read_auth(reading, section(reading, file, "auth", Section::auth), out);
    read_logging(reading, section(reading, file, "logging", Section::logging), out.logging);
    read_limits(reading, section(reading, file, "limits", Section::limits), out.limits);
    read_cors(reading, section(reading, file, "cors", Section::cors), out.cors);
    read_retention(reading, section(reading, file, "retention", Section::retention), out.retention);
    read_defaults(reading, section(reading, file, "defaults", Section::defaults), out.defaults);
    read_redis(reading, section(reading, file, "redis", Section::redis), out.redis);
    read_database(reading, section(reading, file, "database", Section::database), out.database);
    read_projects(reading, file, out);
    out.maintenance = read_maintenance(reading, file);
    check_mentions(reading, out.projects);
}

}  // namespace muster::config
