#include <muster/config/api_entries.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <muster/config/json_reader.hpp>
#include <muster/config/known_secrets.hpp>
#include <muster/config/read_maintenance.hpp>
#include <muster/config/read_service.hpp>
#include <muster/config/reading.hpp>
#include <muster/config/reserved_name.hpp>
#include <muster/domain/names.hpp>

namespace muster::config {
namespace {

constexpr char const* kBody = "body";

/// What answers show of a service beside what was said of it: sent back it says nothing.
constexpr std::array<std::string_view, 11> kShownOnly{
    "id",        "projectId", "status",
    "overlays",  "lastCheck", "responseTimeMs",
    "details",   "owner",     "consecutiveFailures",
    "createdAt", "updatedAt"};

/// Texts of which answers show null where there are none.
constexpr std::array<std::string_view, 3> kNullForNone{"group", "version", "containerId"};

EntryReader::Refusal refusal_of(std::vector<Mistake> const& mistakes) {
    EntryReader::Refusal refusal;
    for (auto const& mistake : mistakes) {
        refusal.message += (refusal.message.empty() ? "" : "; ") + mistake.message;
    }
    return refusal;
}

EntryReader::Refusal no_json(Mistake const& mistake) {
    auto const place = mistake.line == 0 ? std::string()
                                         : ", line " + std::to_string(mistake.line) + ", column " +
                                               std::to_string(mistake.column);
    return {false, "the body is no JSON" + place + ": " + mistake.message};
}

/// The value of a key of a map; nothing where it is not there.
std::optional<YamlNode> field_of(YamlNode map, std::string_view key) {
    if (map.kind() != NodeKind::map) {
        return std::nullopt;
    }
    for (auto at = map.begin(); at != map.end(); ++at) {
        auto const name = *at;
        auto const value = *++at;
        if (name.text() == key) {
            return value;
        }
    }
    return std::nullopt;
}

/// Whether it would have the hub run a program.
bool runs_something(YamlNode entry) {
    auto const probe = field_of(entry, "probe");
    return field_of(entry, "command").has_value() || (probe && field_of(*probe, "exec"));
}

/// The file of its machine that it would have the hub read.
std::optional<YamlNode> file_read_by(YamlNode entry) {
    auto const probe = field_of(entry, "probe");
    auto const tls = probe ? field_of(*probe, "tls") : std::nullopt;
    return tls ? field_of(*tls, "ca") : std::nullopt;
}

/// Whether it is the one that the service has from a configuration file.
bool is_known_file(YamlNode ca, ServiceSpec const* known) {
    auto const* probe = known != nullptr ? std::get_if<HttpProbeSpec>(&known->probe) : nullptr;
    return probe != nullptr && !probe->tls.ca_file.empty() && probe->tls.ca_file == ca.text();
}

template <std::size_t N>
bool is_one_of(std::array<std::string_view, N> const& keys, std::string_view key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// Whether it is what answers show as the port of a service that has none of its own: its probe's,
/// or null.
bool is_shown_port(YamlNode port, ServiceSpec const* known) {
    return port.kind() == NodeKind::nothing ||
           (known != nullptr && !known->port && port_of(known->probe) &&
            port.text() == std::to_string(*port_of(known->probe)));
}

/// The entry as a project's list would hold it: without `project` and what answers show beside,
/// with a name, and with the secrets that `known` has. `named`: gives the name where it is left
/// out.
YamlTree as_in_a_file(Reading& reading, YamlNode entry, ServiceSpec const* named,
                      ServiceSpec const* known) {
    YamlTree tree;
    tree.open(NodeKind::map, entry.line(), entry.column());
    if (named != nullptr && !field_of(entry, "name")) {
        tree.add_scalar(entry.line(), entry.column(), "name", true);
        tree.add_scalar(entry.line(), entry.column(), named->name, false);
    }
    for (auto at = entry.begin(); at != entry.end(); ++at) {
        auto const name = *at;
        auto const value = *++at;
        auto const key = name.text();
        if (key == "project" || is_one_of(kShownOnly, key) ||
            (key == "port" && is_shown_port(value, known))) {
            continue;
        }
        copy(name, tree);
        if (key == "probe") {
            add_with_known_secrets(reading, value, known != nullptr ? &known->probe : nullptr,
                                   tree);
        } else if (value.kind() == NodeKind::nothing && is_one_of(kNullForNone, key)) {
            tree.add_scalar(value.line(), value.column(), "", false);
        } else {
            copy(value, tree);
        }
    }
    tree.close();
    return tree;
}

}  // namespace

ApiEntries::ApiEntries(ServiceDefaults defaults, ProjectOf project_of, ServiceOf service_of)
    : project_of_(std::move(project_of)),
      service_of_(std::move(service_of)),
      defaults_(std::move(defaults)) {}

void ApiEntries::set_defaults(ServiceDefaults defaults) {
    std::lock_guard const lock(mutex_);
    defaults_ = std::move(defaults);
}

ServiceDefaults ApiEntries::defaults() const {
    std::lock_guard const lock(mutex_);
    return defaults_;
}

ServiceSpec const* ApiEntries::known_as(std::string const& project, YamlNode entry) const {
    auto const name = field_of(entry, "name");
    return service_of_ && name ? service_of_(project, name->text()) : nullptr;
}

EntryReader::Read<ServiceSpec> ApiEntries::service(std::string_view text,
                                                   ServiceSpec const* known) const {
    auto const body = read_json(text, kBody);
    if (!body) {
        return tl::unexpected(no_json(body.error().front()));
    }
    auto const entry = body->root();
    if (entry.kind() != NodeKind::map) {
        return tl::unexpected(Refusal{
            false,
            R"(the body must be a service: {"project": …, "name": …, "probe": {"http": …}})"});
    }
    if (runs_something(entry)) {
        return tl::unexpected(
            Refusal{true, "probe: exec probes and commands come from configuration files only"});
    }
    std::string project = known != nullptr ? known->project : "";
    if (auto const given = field_of(entry, "project")) {
        project = std::string(given->text());
    }
    if (project == kReservedProjectName) {
        return tl::unexpected(Refusal{false, "'project': " + std::string(kWhyReserved)});
    }
    if (!is_valid_project_name(project)) {
        return tl::unexpected(
            Refusal{false,
                    "'project' is missing or wrong: it wants the name of a project: letters, "
                    "digits, - and _, at most 100, not only digits"});
    }
    auto const* const before = known != nullptr ? known : known_as(project, entry);
    if (auto const ca = file_read_by(entry); ca && !is_known_file(*ca, before)) {
        return tl::unexpected(Refusal{true, "probe: tls.ca comes from configuration files only"});
    }
    Reading reading(kBody, nullptr, {});  // zones and files are the hub's to know
    auto const tree = as_in_a_file(reading, entry, known, before);
    auto spec = read_service(reading, tree.root(), project_of_(project), defaults());
    auto const mistakes = reading.take_mistakes();
    if (!mistakes.empty() || !spec) {
        return tl::unexpected(refusal_of(mistakes));
    }
    spec->formerly.clear();  // a rename is a PUT
    return *std::move(spec);
}

EntryReader::Read<MaintenanceSpec> ApiEntries::window(std::string_view text) const {
    auto const body = read_json(text, kBody);
    if (!body) {
        return tl::unexpected(no_json(body.error().front()));
    }
    if (body->root().kind() != NodeKind::map) {
        return tl::unexpected(Refusal{
            false, R"(the body must be a window: {"match": …, "from": …, "until": …, "why": …})"});
    }
    YamlTree file;
    file.open(NodeKind::map, 1, 1);
    file.add_scalar(1, 1, "maintenance", true);
    file.open(NodeKind::list, 1, 1);
    copy(body->root(), file);
    file.close();
    file.close();
    Reading reading(kBody, nullptr, {});  // zones and files are the hub's to know
    auto windows = read_maintenance(reading, Mapping(reading, file.root(), Section::file));
    auto const mistakes = reading.take_mistakes();
    if (!mistakes.empty() || windows.size() != 1) {
        return tl::unexpected(refusal_of(mistakes));
    }
    return std::move(windows.front());
}

}  // namespace muster::config
