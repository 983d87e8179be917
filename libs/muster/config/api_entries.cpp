#include <muster/config/api_entries.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <muster/config/read_maintenance.hpp>
#include <muster/config/read_service.hpp>
#include <muster/config/reading.hpp>
#include <muster/config/yaml_reader.hpp>
#include <muster/domain/names.hpp>

namespace muster::config {
namespace {

constexpr char const* kBody = "body";

EntryReader::Refusal refusal_of(std::vector<Mistake> const& mistakes) {
    EntryReader::Refusal refusal;
    for (auto const& mistake : mistakes) {
        refusal.message += (refusal.message.empty() ? "" : "; ") + mistake.message;
    }
    return refusal;
}

void copy(YamlNode node, YamlTree& to) {
    switch (node.kind()) {
        case NodeKind::nothing:
            to.add_nothing(node.line(), node.column());
            return;
        case NodeKind::scalar:
            to.add_scalar(node.line(), node.column(), node.text(), node.is_plain());
            return;
        case NodeKind::list:
        case NodeKind::map:
            to.open(node.kind(), node.line(), node.column());
            for (auto const inside : node) {
                copy(inside, to);
            }
            to.close();
            return;
    }
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

/// Whether it would have the hub read a file of its machine.
bool reads_a_file(YamlNode entry) {
    auto const probe = field_of(entry, "probe");
    auto const tls = probe ? field_of(*probe, "tls") : std::nullopt;
    return tls && field_of(*tls, "ca");
}

/// The entry as a project's list would hold it: without `project`, and with a name.
YamlTree without_project(YamlNode entry, ServiceSpec const* known) {
    YamlTree tree;
    tree.open(NodeKind::map, entry.line(), entry.column());
    if (known != nullptr && !field_of(entry, "name")) {
        tree.add_scalar(entry.line(), entry.column(), "name", true);
        tree.add_scalar(entry.line(), entry.column(), known->name, false);
    }
    for (auto at = entry.begin(); at != entry.end(); ++at) {
        auto const name = *at;
        auto const value = *++at;
        if (name.text() != "project") {
            copy(name, tree);
            copy(value, tree);
        }
    }
    tree.close();
    return tree;
}

}  // namespace

ApiEntries::ApiEntries(ServiceDefaults defaults, ProjectOf project_of)
    : project_of_(std::move(project_of)), defaults_(std::move(defaults)) {}

void ApiEntries::set_defaults(ServiceDefaults defaults) {
    std::lock_guard const lock(mutex_);
    defaults_ = std::move(defaults);
}

ServiceDefaults ApiEntries::defaults() const {
    std::lock_guard const lock(mutex_);
    return defaults_;
}

EntryReader::Read<ServiceSpec> ApiEntries::service(std::string_view text,
                                                   ServiceSpec const* known) const {
    auto const body = read_yaml(text, kBody);
    if (!body) {
        return tl::unexpected(refusal_of(body.error()));
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
    if (reads_a_file(entry)) {
        return tl::unexpected(Refusal{true, "probe: tls.ca comes from configuration files only"});
    }
    std::string project = known != nullptr ? known->project : "";
    if (auto const given = field_of(entry, "project")) {
        project = std::string(given->text());
    }
    if (!is_valid_project_name(project)) {
        return tl::unexpected(
            Refusal{false,
                    "'project' is missing or wrong: it wants the name of a project: letters, "
                    "digits, - and _, at most 100"});
    }
    auto const tree = without_project(entry, known);
    Environment const none;
    Reading reading(kBody, none, {});  // zones are the hub's to know
    auto spec = read_service(reading, tree.root(), project_of_(project), defaults());
    auto const mistakes = reading.take_mistakes();
    if (!mistakes.empty() || !spec) {
        return tl::unexpected(refusal_of(mistakes));
    }
    spec->formerly.clear();  // a rename is a PUT
    return *std::move(spec);
}

EntryReader::Read<MaintenanceSpec> ApiEntries::window(std::string_view text) const {
    auto const body = read_yaml(text, kBody);
    if (!body) {
        return tl::unexpected(refusal_of(body.error()));
    }
    YamlTree file;
    file.open(NodeKind::map, 1, 1);
    file.add_scalar(1, 1, "maintenance", true);
    file.open(NodeKind::list, 1, 1);
    copy(body->root(), file);
    file.close();
    file.close();
    Environment const none;
    Reading reading(kBody, none, {});  // zones are the hub's to know
    auto windows = read_maintenance(reading, Mapping(reading, file.root(), Section::file));
    auto const mistakes = reading.take_mistakes();
    if (!mistakes.empty() || windows.size() != 1) {
        return tl::unexpected(refusal_of(mistakes));
    }
    return std::move(windows.front());
}

}  // namespace muster::config
