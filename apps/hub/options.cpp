#include <hub/options.hpp>

#include <CLI/CLI.hpp>

#include <hub/settings.hpp>

namespace muster {

std::optional<HubProgramOptions> read_hub_options(int argc, char** argv, int& code) {
    CLI::App app(
        "The hub of Muster: probes services, keeps their history, shows them live.\n"
        "Reads ./muster.yaml (or --config), ./.env and the environment.",
        "muster-hub");
    HubProgramOptions options;
    app.set_version_flag("--version", std::string("muster-hub ") + MUSTER_VERSION);
    app.add_option("--config", options.config, "Configuration file (YAML)");
    app.add_option("--port", options.port, "Port to listen on; 0 takes a free one");
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        code = app.exit(error) == 0 ? 0 : kExitUsage;
        return std::nullopt;
    }
    return options;
}

}  // namespace muster
