#include <muster/config/load.hpp>

#include <algorithm>
#include <utility>

#include <muster/config/dotenv.hpp>
#include <muster/config/environment.hpp>
#include <muster/config/read_file.hpp>
#include <muster/config/reading.hpp>
#include <muster/config/yaml_reader.hpp>

namespace muster::config {
namespace {

/// Of one file, by their places.
std::vector<Mistake> in_order(std::vector<Mistake> mistakes) {
    std::stable_sort(
        mistakes.begin(), mistakes.end(), [](Mistake const& left, Mistake const& right) {
            return std::pair(left.line, left.column) < std::pair(right.line, right.column);
        });
    return mistakes;
}

std::vector<Mistake> read_text(LoadInput const& input, Environment const& environment,
                               Configuration& out) {
    auto tree = read_yaml(*input.file_text, input.file_name);
    if (!tree) {
        return std::move(tree.error());
    }
    Reading reading(input.file_name, &environment, input.machine);
    read_file(reading, *tree, out);
    for (auto const& warning : in_order(reading.take_warnings())) {
        out.warnings.push_back(to_text(warning));
    }
    return in_order(reading.take_mistakes());
}

}  // namespace

Checked<Configuration> load(LoadInput const& input) {
    Configuration configuration;
    auto environment = input.environment;
    if (input.dotenv_text) {
        auto dotenv = read_dotenv(*input.dotenv_text);
        environment.merge(dotenv.variables);  // what is there already stays
        configuration.warnings = std::move(dotenv.warnings);
    }
    std::vector<Mistake> mistakes;
    if (input.file_text) {
        mistakes = read_text(input, environment, configuration);
    }
    auto const of_environment = apply_environment(environment, configuration);
    mistakes.insert(mistakes.end(), of_environment.begin(), of_environment.end());
    if (!mistakes.empty()) {
        return tl::unexpected(std::move(mistakes));
    }
    return configuration;
}

void set_port(Configuration& configuration, std::uint16_t port) {
    configuration.hub.listen.front().port = port;
}

}  // namespace muster::config
