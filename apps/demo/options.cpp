#include <demo/options.hpp>

#include <CLI/CLI.hpp>

namespace muster::demo {

std::optional<Options> read_options(Personality const& who, int argc, char** argv, int& code) {
    auto options = Options{.port = who.default_port};
    auto app = CLI::App{std::string{who.description} + ": a sample project for Muster to watch"};
    app.add_option("--host", options.host, "Address to listen on")->capture_default_str();
    app.add_option("--port", options.port, "Port; 0 takes a free one and prints it")
        ->capture_default_str();
    app.add_option("--seed", options.seed, "The same seed gives the same figures")
        ->capture_default_str();
    app.add_flag("--exit-with-parent", options.exit_with_parent,
                 "Stop when the thread that started this program ends");
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        code = app.exit(error) == 0 ? 0 : 3;
        return std::nullopt;
    }
    return options;
}

}  // namespace muster::demo
