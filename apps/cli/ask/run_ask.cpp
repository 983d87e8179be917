#include <cli/ask/run_ask.hpp>

#include <iostream>

#include <cli/ask/events.hpp>
#include <cli/ask/history.hpp>
#include <cli/ask/maintenance.hpp>
#include <cli/ask/services.hpp>
#include <cli/ask/status.hpp>
#include <cli/client/text_file.hpp>
#include <hub/settings.hpp>
#include <muster/runtime/system_clock.hpp>

namespace muster {
namespace {

struct Run {
    HubAddress const& address;
    Terminal const& terminal;

    int operator()(StatusCommand const& command) const {
        return run_status(command, address, terminal);
    }
    int operator()(HistoryCommand const& command) const {
        return run_history(command, address, terminal);
    }
    int operator()(EventsCommand const& command) const {
        return run_events(command, address, terminal);
    }
    int operator()(ServicesListCommand const& command) const {
        return run_services_list(command, address, terminal);
    }
    int operator()(ServicesShowCommand const& command) const {
        return run_services_show(command, address, terminal);
    }
    int operator()(ServicesRegisterCommand const& command) const {
        return run_services_register(command, address, terminal);
    }
    int operator()(ServicesRemoveCommand const& command) const {
        return run_services_remove(command, address, terminal);
    }
    int operator()(ServicesCheckCommand const& command) const {
        return run_services_check(command, address, terminal);
    }
    int operator()(ServicesWhyCommand const& command) const {
        return run_services_why(command, address, terminal);
    }
    int operator()(MaintenanceListCommand const& command) const {
        return run_maintenance_list(command, address, terminal);
    }
    int operator()(MaintenanceAddCommand const& command) const {
        return run_maintenance_add(command, address, SystemClock().now().wall, terminal);
    }
    int operator()(MaintenanceRemoveCommand const& command) const {
        return run_maintenance_remove(command, address, terminal);
    }
};

}  // namespace

std::optional<HubAddress> chosen_hub(HubChoice const& choice) {
    auto const environment = load_environment(std::cerr);
    return environment ? chosen_hub(choice, *environment) : std::nullopt;
}

std::optional<HubAddress> chosen_hub(HubChoice const& choice,
                                     config::Configuration const& settings) {
    std::optional<std::string> token;
    if (choice.token_file) {
        auto text = read_text_file(*choice.token_file);
        if (!text) {
            std::cerr << "muster: --token-file: " << text.error().message << '\n';
            return std::nullopt;
        }
        token = *std::move(text);
    }
    auto address = hub_address(choice, token, settings);
    if (!address) {
        std::cerr << "muster: " << address.error().message << '\n';
        return std::nullopt;
    }
    return *std::move(address);
}

int run_ask(AskCommand const& command) {
    auto const address =
        chosen_hub(std::visit([](auto const& chosen) { return chosen.hub; }, command));
    if (!address) {
        return kExitUsage;
    }
    auto const terminal = standard_terminal();
    return std::visit(Run{*address, terminal}, command);
}

}  // namespace muster
