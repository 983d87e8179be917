#include <iostream>
#include <variant>

#include <cli/ask/run_ask.hpp>
#include <cli/check/check_process.hpp>
#include <cli/config_command.hpp>
#include <cli/doctor/doctor.hpp>
#include <cli/import_command.hpp>
#include <cli/manual/manual_page.hpp>
#include <cli/migrate_command.hpp>
#include <cli/options.hpp>
#include <cli/up_command.hpp>
#include <hub/settings.hpp>
#include <muster/runtime/descriptors.hpp>

namespace {

int run(muster::UpCommand const& command) {
    return muster::run_up(command);
}

int run(muster::CheckCommand const& command) {
    muster::CheckOptions options;
    options.continuous = command.continuous;
    options.interval = command.interval;
    options.json = command.json;
    return muster::run_check(options, command.config, command.urls);
}

int run(muster::ConfigPlanCommand const& command) {
    return muster::run_config_plan(command);
}

int run(muster::ConfigCheckCommand const& command) {
    auto const settings = muster::read_settings(muster::settings_source(command.config, {}));
    return muster::run_config_check(settings, command.json, std::cout, std::cerr);
}

int run(muster::ConfigShowCommand const& command) {
    auto const settings = muster::read_settings(muster::settings_source(command.config, {}));
    return muster::run_config_show(settings, command.json, std::cout, std::cerr);
}

int run(muster::ImportCommand const& command) {
    return muster::run_import(command);
}

int run(muster::MigrateCommand const& command) {
    auto const settings =
        muster::load_settings(muster::settings_source(command.config, {}), std::cerr);
    return settings ? muster::run_migrate(command, *settings, std::cout, std::cerr)
                    : muster::kExitUsage;
}

int run(muster::AskCommand const& command) {
    return muster::run_ask(command);
}

int run(muster::DoctorCommand const& command) {
    return muster::run_doctor(command);
}

int run(muster::CompletionCommand const& command) {
    std::cout << muster::completion_script(muster::command_tree(), command.shell) << std::flush;
    return 0;
}

int run(muster::ManualCommand const&) {
    std::cout << muster::manual_page(muster::command_tree(), MUSTER_VERSION) << std::flush;
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    muster::take_all_descriptors();
    int code = 0;
    auto const command = muster::read_command(argc, argv, code);
    if (!command) {
        return code;
    }
    return std::visit([](auto const& chosen) { return run(chosen); }, *command);
}
