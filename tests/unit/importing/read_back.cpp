#include "read_back.hpp"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace muster::importing {

std::string fixture(std::string const& name) {
    std::ifstream file(std::string(MUSTER_IMPORT_DATA) + "/" + name, std::ios::binary);
    EXPECT_TRUE(file) << name;
    return {std::istreambuf_iterator<char>(file), {}};
}

config::Configuration read_back(Imported const& imported, config::Environment const& environment) {
    config::LoadInput input;
    input.file_text = imported.yaml;
    input.environment = environment;
    input.dotenv_text = dotenv_of(imported);
    auto const configuration = config::load(input);
    if (configuration) {
        return *configuration;
    }
    for (auto const& mistake : configuration.error()) {
        ADD_FAILURE() << to_text(mistake) << "\n" << imported.yaml;
    }
    return {};
}

std::vector<std::string> texts_of(std::vector<Note> const& notes) {
    std::vector<std::string> texts;
    for (auto const& note : notes) {
        texts.push_back(std::string(to_string(note.weight)) + " " + to_text(note));
    }
    return texts;
}

ServiceSpec service_of(config::Configuration const& configuration, std::string const& project,
                       std::string const& name) {
    for (auto const& known : configuration.projects) {
        for (auto const& service : known.services) {
            if (known.name == project && service.name == name) {
                return service;
            }
        }
    }
    ADD_FAILURE() << "no " << project << "/" << name;
    return {};
}

Imported imported(config::Checked<Imported> const& made) {
    if (made) {
        return *made;
    }
    for (auto const& mistake : made.error()) {
        ADD_FAILURE() << to_text(mistake);
    }
    return {};
}

std::string mistake_of(config::Checked<Imported> const& made) {
    return made ? "" : to_text(made.error().front());
}

}  // namespace muster::importing
