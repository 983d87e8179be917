#include <muster/config/mapping.hpp>

#include <algorithm>
#include <string>

#include <muster/base/nearest.hpp>
#include <muster/config/values.hpp>

namespace muster::config {
namespace {

std::string unknown_key(Section section, std::string_view key) {
    if (key == "<<") {
        return "merge keys (<<) are not supported: write the keys out";
    }
    auto const known = built_keys(section);
    auto message = "unknown key " + in_quotes(key);
    // Built keys come first: of two that are equally near the one that works is meant.
    auto const meant = nearest(key, all_keys(section));
    if (meant) {
        bool const built = state_of(section, *meant) == KeyState::built;
        return message + ": did you mean '" + std::string(*meant) + "'" +
               (built ? "?" : ", which is not built yet?");
    }
    message += ": " + std::string(name_of(section)) + " has ";
    for (auto const& name : known) {
        message += (name == known.front() ? "" : ", ") + std::string(name);
    }
    return message;
}

}  // namespace

Mapping::Mapping(Reading& reading, YamlNode node, Section section) : node_(node) {
    if (node.kind() == NodeKind::nothing) {
        return;
    }
    if (node.kind() != NodeKind::map) {
        reading.refuse(node,
                       std::string(name_of(section)) + " wants keys with values (key: value)");
        return;
    }
    for (auto at = node.begin(); at != node.end(); ++at) {
        auto const name = *at;
        take(reading, section, name, *++at);
    }
}

void Mapping::take(Reading& reading, Section section, YamlNode name, YamlNode value) {
    if (name.kind() != NodeKind::scalar) {
        reading.refuse(name, "a key must be a word");
        return;
    }
    auto const key = name.text();
    auto const state = state_of(section, key);
    if (!state) {
        reading.refuse(name, unknown_key(section, key));
    } else if (*state == KeyState::planned) {
        reading.refuse(name, in_quotes(key) + " is not built yet");
    } else if (auto const* first = find(key)) {
        reading.refuse(name, in_quotes(key) + " is already given in line " +
                                 std::to_string(first->name.line()));
    } else {
        fields_.push_back({key, name, value});
    }
}

Field const* Mapping::find(std::string_view key) const noexcept {
    auto const found = std::find_if(fields_.begin(), fields_.end(),
                                    [key](Field const& field) { return field.key == key; });
    return found == fields_.end() ? nullptr : &*found;
}

}  // namespace muster::config
