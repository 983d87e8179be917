#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <cli/client/hub_address.hpp>
#include <muster/base/time.hpp>

namespace muster {

// What the commands that ask a hub were told on the command line.

/// `muster status [PROJECT]`
struct StatusCommand {
    HubChoice hub;
    std::string project;  ///< Empty: all.
    bool watch{false};
    Millis interval{2'000};  ///< Of --watch.
    bool json{false};
};

/// `muster history PROJECT`
struct HistoryCommand {
    HubChoice hub;
    std::string project;
    std::string service;  ///< Empty: all.
    std::int64_t hours{24};
    bool json{false};
};

/// `muster events`
struct EventsCommand {
    HubChoice hub;
    std::string project;
    std::string service;
    std::string severity;
    std::string type;
    std::int64_t limit{20};
    bool follow{false};
    Millis interval{1'000};  ///< Of --follow.
    bool json{false};
};

/// `muster services list`
struct ServicesListCommand {
    HubChoice hub;
    std::string project;
    std::string type;
    std::string status;
    std::string tag;
    std::string group;
    bool json{false};
};

/// `muster services show SERVICE`
struct ServicesShowCommand {
    HubChoice hub;
    std::string service;  ///< `project/name` or an id; so in all that follow.
    bool json{false};
};

/// `muster services register`: from a file, or PROJECT/NAME and how it is checked.
struct ServicesRegisterCommand {
    HubChoice hub;
    std::optional<std::string> file;  ///< `-`: standard input.
    std::string service;              ///< `project/name`
    std::string http;
    std::string tcp;
    std::string type;
    std::string interval;
    std::string timeout;
    std::string degraded_above;
    std::string group;
    std::optional<std::int64_t> retries;
    std::optional<std::int64_t> success_threshold;
    std::optional<bool> critical;
    std::vector<std::string> tags;
    std::vector<std::string> depends_on;
    bool json{false};
};

/// `muster services rm SERVICE`
struct ServicesRemoveCommand {
    HubChoice hub;
    std::string service;
    bool json{false};
};

/// `muster services check SERVICE`
struct ServicesCheckCommand {
    HubChoice hub;
    std::string service;
    bool json{false};
};

/// `muster services why SERVICE`
struct ServicesWhyCommand {
    HubChoice hub;
    std::string service;
    std::int64_t checks{10};
    bool json{false};
};

/// `muster maintenance list`
struct MaintenanceListCommand {
    HubChoice hub;
    bool json{false};
};

/// `muster maintenance add`
struct MaintenanceAddCommand {
    HubChoice hub;
    std::vector<std::string> projects;
    std::vector<std::string> services;
    std::vector<std::string> types;
    std::vector<std::string> tags;
    std::vector<std::string> groups;
    bool everything{false};
    std::string from;   ///< RFC 3339; empty: now.
    std::string until;  ///< The same.
    std::optional<Millis> length;
    std::string weekly;  ///< The day.
    std::string at;      ///< `02:00`
    std::string to;
    std::string zone;
    std::string why;
    bool json{false};
};

/// `muster maintenance rm ID`
struct MaintenanceRemoveCommand {
    HubChoice hub;
    std::int64_t id{0};
    bool json{false};
};

using AskCommand = std::variant<StatusCommand, HistoryCommand, EventsCommand, ServicesListCommand,
                                ServicesShowCommand, ServicesRegisterCommand, ServicesRemoveCommand,
                                ServicesCheckCommand, ServicesWhyCommand, MaintenanceListCommand,
                                MaintenanceAddCommand, MaintenanceRemoveCommand>;

}  // namespace muster
