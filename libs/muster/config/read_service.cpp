#include <muster/config/read_service.hpp>

#include <string>
#include <string_view>
#include <utility>

#include <muster/config/read_policy.hpp>
#include <muster/config/read_probe.hpp>
#include <muster/domain/names.hpp>

namespace muster::config {
namespace {

constexpr CountBounds kPortBounds{1, 65'535};
constexpr std::string_view kWantsDependency =
    "services: name of the same project, other/name of another one, ?name where it is optional";

/// `cache`, `other/cache`, `?cache`.
std::optional<Dependency> dependency_of(std::string_view text, std::string const& project) {
    Dependency dependency;
    dependency.optional = !text.empty() && text.front() == '?';
    text.remove_prefix(dependency.optional ? 1 : 0);
    auto const slash = text.find('/');
    dependency.project =
        slash == std::string_view::npos ? project : std::string(text.substr(0, slash));
    dependency.service =
        std::string(slash == std::string_view::npos ? text : text.substr(slash + 1));
    if (!is_valid_name(dependency.project) || !is_valid_name(dependency.service)) {
        return std::nullopt;
    }
    return dependency;
}

void add_dependency(Reading& reading, YamlNode value, Mentions::Service& service) {
    auto const text = scalar_of(reading, value, "dependsOn", kWantsDependency);
    auto dependency = text ? dependency_of(*text, service.project) : std::nullopt;
    if (dependency) {
        service.needs.push_back(*std::move(dependency));
        service.places.push_back(value);
    } else if (text) {
        refuse_value(reading, value, "dependsOn", kWantsDependency);
    }
}

void read_dependencies(Reading& reading, Mapping const& from, Mentions::Service& service) {
    auto const* field = from.find("dependsOn");
    if (field == nullptr) {
        return;
    }
    if (field->value.kind() != NodeKind::list) {
        add_dependency(reading, field->value, service);
        return;
    }
    for (auto const item : field->value) {
        add_dependency(reading, item, service);
    }
}

/// What people tell of a service; the hub only passes it on.
void read_description(Reading& reading, Mapping const& from, ServiceSpec& service) {
    read_text_map(reading, from, "metadata", service.metadata);
    read_texts(reading, from, "capabilities", service.capabilities);
    read_text(reading, from, "version", service.version);
    read_text(reading, from, "containerId", service.container_id);
    std::uint64_t port = 0;
    read_count(reading, from, "port", kPortBounds, port);
    if (port > 0) {
        service.port = static_cast<std::uint16_t>(port);
    }
}

std::optional<std::string> name_of_service(Reading& reading, Mapping const& from) {
    std::string name;
    read_name(reading, from, "name", name);
    if (from.find("name") == nullptr) {
        reading.refuse(from.node(),
                       "'name' is missing: it wants a name: letters, digits, - and _, at most 100");
    }
    return name.empty() ? std::nullopt : std::optional(std::move(name));
}

}  // namespace

void read_relations(Reading& reading, Mapping const& from, ServiceSpec& service) {
    Mentions::Service mention{service.project, service.name, {}, {}};
    read_dependencies(reading, from, mention);
    service.depends_on = mention.needs;
    reading.mentions().services.push_back(std::move(mention));
    if (service.name == "app") {
        return;  // its project's `formerly` is about the project
    }
    read_name(reading, from, "formerly", service.formerly);
    if (!service.formerly.empty()) {
        reading.mentions().formers.push_back(
            {service.project, service.name, service.formerly, from.find("formerly")->value});
    }
}

std::optional<ServiceSpec> read_service(Reading& reading, YamlNode entry,
                                        ProjectSpec const& project,
                                        ServiceDefaults const& defaults) {
    Mapping const from(reading, entry, Section::service);
    if (entry.kind() != NodeKind::map && entry.kind() != NodeKind::nothing) {
        return std::nullopt;
    }
    ServiceSpec service;
    service.project = project.name;
    service.critical = project.critical;
    service.group = project.group;
    service.policy = defaults.policy;
    service.connection = defaults.connection;

    auto name = name_of_service(reading, from);
    service.name = name.value_or("?");
    read_enum(reading, from, "type", service.type);
    read_policy(reading, from, "interval", service.policy);
    read_labels(reading, from, service);
    read_enum(reading, from, "connection", service.connection);
    read_relations(reading, from, service);
    read_description(reading, from, service);
    auto const* probe_field = from.find("probe");
    if (probe_field == nullptr) {
        reading.refuse(entry,
                       "'probe' is missing: say how the service is checked, such as "
                       "probe: { tcp: \"127.0.0.1:25\" }");
        return std::nullopt;
    }
    auto probe = read_probe(reading, *probe_field);
    if (!name || !probe) {
        return std::nullopt;
    }
    service.probe = *std::move(probe);
    return service;
}

}  // namespace muster::config
