#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include <cli/ask/commands.hpp>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace muster {

/// The commands that ask a hub, as the command line knows them.
class AskOptions {
public:
    /// Adds them to `app`, which must not be used when this is gone.
    explicit AskOptions(CLI::App& app);
    ~AskOptions();
    AskOptions(AskOptions const&) = delete;
    AskOptions& operator=(AskOptions const&) = delete;

    /// The one that was given; nothing: it was another.
    [[nodiscard]] std::optional<AskCommand> chosen() const;

private:
    struct Entry {
        CLI::App* app;
        std::function<AskCommand()> command;
    };

    StatusCommand status_;
    HistoryCommand history_;
    EventsCommand events_;
    ServicesListCommand services_list_;
    ServicesShowCommand services_show_;
    ServicesRegisterCommand services_register_;
    ServicesRemoveCommand services_remove_;
    ServicesCheckCommand services_check_;
    ServicesWhyCommand services_why_;
    MaintenanceListCommand maintenance_list_;
    MaintenanceAddCommand maintenance_add_;
    MaintenanceRemoveCommand maintenance_remove_;
    std::deque<Entry> entries_;
};

/// Adds --hub, --token, --token-file and --timeout to a command.
void add_hub_options(CLI::App& command, HubChoice& hub);

/// Adds an option that takes a length of time, longer than nothing.
CLI::Option* add_duration_option(CLI::App& command, std::string const& name, Millis& value,
                                 std::string const& help);

}  // namespace muster
