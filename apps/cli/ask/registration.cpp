#include <cli/ask/registration.hpp>

#include <utility>

#include <muster/config/document.hpp>
#include <muster/config/plain_document.hpp>
#include <muster/config/yaml_reader.hpp>

namespace muster {
namespace {

using config::Document;
using config::NodeKind;
using config::YamlNode;

void add_text(Document::Map& map, char const* key, std::string const& text) {
    if (!text.empty()) {
        map.emplace_back(key, text);
    }
}

void add_number(Document::Map& map, char const* key, std::optional<std::int64_t> number) {
    if (number) {
        map.emplace_back(key, Document::Bare{std::to_string(*number)});
    }
}

void add_texts(Document::Map& map, char const* key, std::vector<std::string> const& texts) {
    if (!texts.empty()) {
        map.emplace_back(key, Document::List(texts.begin(), texts.end()));
    }
}

std::string place_of(YamlNode node, std::string const& file) {
    return file + ":" + std::to_string(node.line());
}

/// What people know it by.
std::string name_in(YamlNode node, std::string const& file) {
    std::string project;
    std::string name;
    std::string key;
    bool is_key = true;
    for (auto const item : node) {
        if (is_key) {
            key = item.text();
        } else if (key == "project") {
            project = item.text();
        } else if (key == "name") {
            name = item.text();
        }
        is_key = !is_key;
    }
    return project.empty() || name.empty() ? place_of(node, file) : project + "/" + name;
}

tl::unexpected<Error> no_service(YamlNode node, std::string const& file) {
    return failure(Errc::invalid,
                   place_of(node, file) +
                       ": wants a service, such as { project: shop, name: smtp, probe: { tcp: "
                       "\"127.0.0.1:25\" } }, or a list of them");
}

}  // namespace

Result<Registration> registration_of_flags(ServicesRegisterCommand const& command) {
    auto const slash = command.service.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == command.service.size()) {
        return failure(Errc::invalid,
                       "name the service as PROJECT/NAME, such as shop/smtp, or "
                       "give a file with --file");
    }
    if (command.http.empty() == command.tcp.empty()) {
        return failure(Errc::invalid,
                       "say how the service is checked with one of --http URL and --tcp HOST:PORT; "
                       "what else there is goes into a file (--file)");
    }
    Document::Map map{{"project", command.service.substr(0, slash)},
                      {"name", command.service.substr(slash + 1)}};
    Document::Map probe;
    add_text(probe, "http", command.http);
    add_text(probe, "tcp", command.tcp);
    add_text(map, "type", command.type);
    map.emplace_back("probe", std::move(probe));
    add_text(map, "interval", command.interval);
    add_text(map, "timeout", command.timeout);
    add_text(map, "degradedAbove", command.degraded_above);
    add_text(map, "group", command.group);
    add_number(map, "retries", command.retries);
    add_number(map, "successThreshold", command.success_threshold);
    if (command.critical) {
        map.emplace_back("critical", *command.critical);
    }
    add_texts(map, "tags", command.tags);
    add_texts(map, "dependsOn", command.depends_on);
    return Registration{command.service, config::to_json(Document(std::move(map)))};
}

Result<std::vector<Registration>> registrations_of_file(std::string_view text,
                                                        std::string const& file) {
    auto const tree = config::read_yaml(text, file);
    if (!tree) {
        return failure(Errc::invalid, config::to_text(tree.error().front()));
    }
    auto const root = tree->root();
    std::vector<Registration> registrations;
    auto const add = [&](YamlNode node) {
        registrations.push_back(
            {name_in(node, file), config::to_json(config::plain_document(node))});
    };
    if (root.kind() == NodeKind::map) {
        add(root);
        return registrations;
    }
    if (root.kind() != NodeKind::list) {
        return no_service(root, file);
    }
    for (auto const item : root) {
        if (item.kind() != NodeKind::map) {
            return no_service(item, file);
        }
        add(item);
    }
    if (registrations.empty()) {
        return no_service(root, file);
    }
    return registrations;
}

}  // namespace muster
