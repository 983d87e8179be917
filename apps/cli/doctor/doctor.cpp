#include <cli/doctor/doctor.hpp>

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <cli/ask/run_ask.hpp>
#include <cli/client/terminal.hpp>
#include <cli/doctor/address_checks.hpp>
#include <cli/doctor/data_checks.hpp>
#include <cli/doctor/database_checks.hpp>
#include <cli/doctor/diagnosis.hpp>
#include <cli/doctor/hub_checks.hpp>
#include <cli/doctor/name_checks.hpp>
#include <cli/doctor/redis_checks.hpp>
#include <cli/doctor/trust_checks.hpp>
#include <cli/text/words.hpp>
#include <hub/settings.hpp>
#include <muster/runtime/system_clock.hpp>

namespace muster {
namespace {

constexpr char const* kConfiguration = "configuration";

std::vector<ServiceSpec> services_in(config::Configuration const& configuration) {
    std::vector<ServiceSpec> services;
    for (auto const& project : configuration.projects) {
        services.insert(services.end(), project.services.begin(), project.services.end());
    }
    return services;
}

/// Nothing: it cannot be read, which was reported.
std::optional<config::Configuration> check_configuration(std::optional<std::string> const& path,
                                                         Report const& report) {
    auto settings = read_settings(settings_source(path, {}));
    if (!settings) {
        for (auto const& mistake : settings.error()) {
            report({kConfiguration, Finding::failure, config::to_text(mistake),
                    "correct it; muster config check reads it again"});
        }
        return std::nullopt;
    }
    for (auto const& warning : settings->warnings) {
        report({kConfiguration, Finding::warning, warning, {}});
    }
    report({kConfiguration,
            Finding::ok,
            counted(settings->projects.size(), "project") + ", " +
                counted(services_in(*settings).size(), "service"),
            {}});
    return *std::move(settings);
}

}  // namespace

int run_doctor(DoctorCommand const& command) {
    auto const terminal = standard_terminal();
    std::vector<Diagnosis> found;
    Report const report = [&](Diagnosis diagnosis) {
        if (!command.json) {
            terminal.out << diagnosis_line(diagnosis, terminal.colour) << std::flush;
        }
        found.push_back(std::move(diagnosis));
    };
    SystemClock const clock;
    auto const settings = check_configuration(command.config, report);
    if (settings) {
        auto const services = services_in(*settings);
        check_data_folder(settings->data_dir, clock.now().wall, report);
        if (settings->redis) {
            check_redis(*settings->redis, clock, report);
        }
        check_database(settings->database, report);
        check_names(services, clock, report);
        check_trust(services, clock, report);
        check_addresses(settings->hub.listen, report);
        check_descriptors(settings->limits.in_flight, report);
    }
    report(clock_diagnosis(clock.now().wall));
    auto const address = settings ? chosen_hub(command.hub, *settings) : chosen_hub(command.hub);
    if (!address) {
        return kExitUsage;
    }
    check_hub(*address, clock.now().wall, report);
    if (command.json) {
        terminal.out << diagnoses_json(found) << '\n' << std::flush;
    } else {
        terminal.out << '\n' << summary_line(found) << std::flush;
    }
    return diagnosis_exit_code(found);
}

}  // namespace muster
