#include <cli/ask/options.hpp>

#include <vector>

#include <CLI/CLI.hpp>

#include <muster/domain/event.hpp>
#include <muster/domain/health.hpp>
#include <muster/domain/maintenance.hpp>
#include <muster/domain/service.hpp>

namespace muster {
namespace {

std::string duration_mistake(std::string const& text) {
    auto const duration = parse_duration(text);
    if (!duration) {
        return duration.error().message;
    }
    return *duration <= Millis(0) ? std::string("must be longer than nothing") : std::string();
}

/// The words of an enum, as choices.
template <class E>
CLI::IsMember words_of() {
    std::vector<std::string> words;
    for (auto const& entry : enum_names(E{})) {
        words.emplace_back(entry.second);
    }
    return CLI::IsMember(words);
}

/// An option that may be given again and again, each time with one value.
void add_each(CLI::App& command, std::string const& name, std::vector<std::string>& values,
              std::string const& help) {
    command.add_option(name, values, help)->allow_extra_args(false);
}

CLI::App* add_command(CLI::App& parent, std::string const& name, std::string const& what,
                      HubChoice& hub, bool& json) {
    auto* const command = parent.add_subcommand(name, what);
    add_hub_options(*command, hub);
    command->add_flag("--json", json, "Print JSON");
    return command;
}

CLI::App* add_status(CLI::App& app, StatusCommand& status) {
    auto* const command =
        add_command(app, "status",
                    "Show every project and its services as a running hub knows them.\n"
                    "Exit code: 0 all up, 1 some degraded or not known yet, 2 some down",
                    status.hub, status.json);
    auto* const watch =
        command->add_flag("--watch", status.watch, "Show it again and again until interrupted");
    add_duration_option(*command, "--interval", status.interval,
                        "With --watch: from look to look (2s)")
        ->needs(watch);
    command->add_option("PROJECT", status.project, "Only this one");
    return command;
}

CLI::App* add_history(CLI::App& app, HistoryCommand& history) {
    auto* const command = add_command(
        app, "history", "Show a project's response times and availability over the last hours",
        history.hub, history.json);
    command->add_option("--hours", history.hours, "How far to look back")
        ->check(CLI::Range(1, 8'760))
        ->capture_default_str();
    command->add_option("--service", history.service, "Only this one of its services");
    command->add_option("PROJECT", history.project, "Name or id")->required();
    return command;
}

CLI::App* add_events(CLI::App& app, EventsCommand& events) {
    auto* const command =
        add_command(app, "events", "Show what changed, with the reason; the newest last",
                    events.hub, events.json);
    auto* const follow = command->add_flag(
        "--follow", events.follow,
        "Go on with what comes, until interrupted; with --json one object a line");
    add_duration_option(*command, "--interval", events.interval,
                        "With --follow: from look to look (1s)")
        ->needs(follow);
    command->add_option("--project", events.project, "Only of this project");
    command->add_option("--service", events.service, "Only of services of this name");
    command->add_option("--severity", events.severity, "Only of this severity")
        ->check(words_of<Severity>());
    command->add_option("--type", events.type, "Only of this type, such as status_changed");
    command->add_option("--limit", events.limit, "How many of the newest")
        ->check(CLI::Range(1, 1'000))
        ->capture_default_str();
    return command;
}

CLI::App* add_list(CLI::App& services, ServicesListCommand& list) {
    auto* const command = add_command(services, "list", "List services", list.hub, list.json);
    command->add_option("--project", list.project, "Only of this project");
    command->add_option("--type", list.type, "Only of this type")->check(words_of<ServiceType>());
    command->add_option("--status", list.status, "Only those of this status")
        ->check(words_of<HealthStatus>());
    command->add_option("--tag", list.tag, "Only those with this tag");
    command->add_option("--group", list.group, "Only those of this group");
    return command;
}

void add_service_argument(CLI::App& command, std::string& service) {
    command.add_option("SERVICE", service, "PROJECT/NAME or an id")->required();
}

CLI::App* add_register(CLI::App& services, ServicesRegisterCommand& entry) {
    auto* const command =
        add_command(services, "register",
                    "Register services with a running hub: from a file, or the one that is named.\n"
                    "They survive restarts and reloads; registering again changes them",
                    entry.hub, entry.json);
    auto* const file =
        command
            ->add_option("--file", entry.file,
                         "A service, or a list of them, in the configuration's shape with "
                         "'project' (YAML or JSON); - reads standard input")
            ->type_name("FILE");
    auto* const critical = command->add_flag_callback(
        "--critical", [&entry] { entry.critical = true; },
        "It can take its project down (default: as its project says)");
    auto* const not_critical = command
                                   ->add_flag_callback(
                                       "--not-critical", [&entry] { entry.critical = false; },
                                       "It degrades its project at most")
                                   ->excludes(critical);
    std::vector<CLI::Option*> const flags{
        command->add_option("SERVICE", entry.service, "PROJECT/NAME of the one to register"),
        command->add_option("--http", entry.http, "Check this URL"),
        command->add_option("--tcp", entry.tcp, "Check that HOST:PORT can be connected to"),
        command->add_option("--type", entry.type, "What it is")->check(words_of<ServiceType>()),
        command->add_option("--interval", entry.interval, "From check to check")
            ->check(duration_mistake),
        command->add_option("--check-timeout", entry.timeout, "How long a check may take")
            ->check(duration_mistake),
        command
            ->add_option("--degraded-above", entry.degraded_above, "Slower than this is degraded")
            ->check(duration_mistake),
        command->add_option("--retries", entry.retries, "Failed checks that are forgiven")
            ->check(CLI::NonNegativeNumber),
        command
            ->add_option("--success-threshold", entry.success_threshold,
                         "Passing checks in a row that mean up again")
            ->check(CLI::PositiveNumber),
        critical,
        not_critical,
        command->add_option("--group", entry.group, "Group for caps and for people"),
        command->add_option("--tag", entry.tags, "A tag; may be given again")
            ->allow_extra_args(false),
        command
            ->add_option("--depends-on", entry.depends_on,
                         "NAME, PROJECT/NAME, or ?NAME if optional; may be given again")
            ->allow_extra_args(false)};
    for (auto* const flag : flags) {
        flag->excludes(file);
    }
    return command;
}

CLI::App* add_window(CLI::App& maintenance, MaintenanceAddCommand& window) {
    auto* const command = add_command(
        maintenance, "add",
        "Add a maintenance window: once (--for or --until) or --weekly.\n"
        "Of several of one kind (--tag a --tag b) any must fit; of every kind given one",
        window.hub, window.json);
    add_each(*command, "--project", window.projects, "Covers this project; may be given again");
    add_each(*command, "--service", window.services,
             "Covers NAME or PROJECT/NAME; may be given again");
    command->add_option("--type", window.types, "Covers services of this type; may be given again")
        ->allow_extra_args(false)
        ->check(words_of<ServiceType>());
    add_each(*command, "--tag", window.tags, "Covers services with this tag; may be given again");
    add_each(*command, "--group", window.groups, "Covers this group; may be given again");
    command->add_flag("--everything", window.everything, "Covers every service");
    command->add_option("--from", window.from,
                        "When it begins, such as 2026-11-22T05:00:00Z (default: now)");
    command->add_option("--until", window.until, "When it ends");
    command
        ->add_option_function<std::string>(
            "--for", [&window](std::string const& text) { window.length = *parse_duration(text); },
            "How long it lasts, such as 2h")
        ->check(duration_mistake);
    command->add_option("--weekly", window.weekly, "Every week on this day")
        ->check(words_of<Weekday>());
    command->add_option("--at", window.at, "With --weekly: from this time of day, such as 02:00");
    command->add_option("--to", window.to,
                        "With --weekly: until this time; one that is not later is on the next day");
    command->add_option("--zone", window.zone,
                        "With --weekly: whose time, such as Europe/Berlin (default: UTC)");
    command->add_option("--why", window.why, "For people");
    return command;
}

}  // namespace

CLI::Option* add_duration_option(CLI::App& command, std::string const& name, Millis& value,
                                 std::string const& help) {
    return command
        .add_option_function<std::string>(
            name, [&value](std::string const& text) { value = *parse_duration(text); }, help)
        ->type_name("DURATION")
        ->check(duration_mistake);
}

void add_hub_options(CLI::App& command, HubChoice& hub) {
    command.add_option("--hub", hub.hub,
                       "URL of the hub (default MUSTER_URL, then http://127.0.0.1:3001)");
    auto* const file =
        command.add_option("--token-file", hub.token_file, "File that holds the hub's token")
            ->type_name("FILE");
    command
        .add_option("--token", hub.token,
                    "The hub's token, which others of this machine can see here (default "
                    "MUSTER_TOKEN)")
        ->excludes(file);
    add_duration_option(command, "--timeout", hub.timeout, "How long one call may take (10s)");
}

AskOptions::AskOptions(CLI::App& app) {
    auto const offer = [this](CLI::App* command, auto& options) {
        entries_.push_back({command, [&options] { return AskCommand(options); }});
    };
    offer(add_status(app, status_), status_);
    offer(add_history(app, history_), history_);
    offer(add_events(app, events_), events_);

    auto* const services = app.add_subcommand(
        "services", "List (when nothing else is said), register, check, explain services");
    services->require_subcommand(1);
    offer(add_list(*services, services_list_), services_list_);
    auto const one = [&](char const* name, char const* what, auto& options) {
        auto* const command = add_command(*services, name, what, options.hub, options.json);
        add_service_argument(*command, options.service);
        offer(command, options);
        return command;
    };
    one("show", "Show one service", services_show_);
    offer(add_register(*services, services_register_), services_register_);
    one("rm", "Remove a service that was registered; its history stays", services_remove_);
    one("check",
        "Check a service now and wait for what is seen.\n"
        "Exit code: 0 up, 1 degraded, 2 down",
        services_check_);
    one("why", "Explain a service's status: reason, root cause, overlays, last checks",
        services_why_)
        ->add_option("--checks", services_why_.checks, "How many of the last checks")
        ->check(CLI::Range(0, 1'000))
        ->capture_default_str();

    auto* const maintenance = app.add_subcommand(
        "maintenance", "List (when nothing else is said), add, remove maintenance windows");
    maintenance->require_subcommand(1);
    offer(add_command(*maintenance, "list", "List maintenance windows", maintenance_list_.hub,
                      maintenance_list_.json),
          maintenance_list_);
    offer(add_window(*maintenance, maintenance_add_), maintenance_add_);
    auto* const remove =
        add_command(*maintenance, "rm", "Remove a maintenance window that was added",
                    maintenance_remove_.hub, maintenance_remove_.json);
    remove->add_option("ID", maintenance_remove_.id, "Its id")->required();
    offer(remove, maintenance_remove_);
}

AskOptions::~AskOptions() = default;

std::optional<AskCommand> AskOptions::chosen() const {
    for (auto const& entry : entries_) {
        if (entry.app->parsed()) {
            return entry.command();
        }
    }
    return std::nullopt;
}

}  // namespace muster
