#include <hub/config_reload.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

#include <muster/config/configuration_change.hpp>

namespace muster {
namespace {

constexpr std::size_t kToldChanges = 50;

std::string joined(std::vector<std::string> const& lines, std::string_view between) {
    std::string all;
    for (auto const& line : lines) {
        all += std::string(all.empty() ? "" : between) + line;
    }
    return all;
}

/// As whoever asked is told.
Error error_of(std::vector<std::string> const& mistakes) {
    return {Errc::invalid, joined(mistakes, "\n")};
}

std::vector<std::string> lines_of(std::vector<config::Mistake> const& mistakes) {
    std::vector<std::string> lines;
    for (auto const& mistake : mistakes) {
        lines.push_back(config::to_text(mistake));
    }
    return lines;
}

/// The loaded configuration's share of what is told.
void add_settings(ReloadReport& report, config::Configuration const& running,
                  config::Configuration const& loaded) {
    for (auto& change : config::changed_settings(running, loaded)) {
        bool const waits = change.takes == config::SettingChange::Takes::restart;
        (waits ? report.needs_restart : report.settings).push_back(std::move(change.description));
    }
    report.warnings.insert(report.warnings.begin(), loaded.warnings.begin(), loaded.warnings.end());
}

}  // namespace

ConfigReload::ConfigReload(Hub& hub, Lane& lane, Log& log, config::Configuration running, Load load,
                           Applied applied)
    : hub_(hub),
      lane_(lane),
      log_(log),
      running_(std::move(running)),
      load_(std::move(load)),
      applied_(std::move(applied)) {}

void ConfigReload::reload(HubCommands::ReloadDone done) {
    auto shared = std::make_shared<HubCommands::ReloadDone>(std::move(done));
    read([this, shared](Loaded loaded) { (*shared)(apply(std::move(loaded))); }, *shared);
}

void ConfigReload::plan(HubCommands::ReloadDone done) {
    auto shared = std::make_shared<HubCommands::ReloadDone>(std::move(done));
    read(
        [this, shared](Loaded const& loaded) {
            if (!loaded) {
                (*shared)(tl::unexpected(error_of(lines_of(loaded.error()))));
                return;
            }
            auto report = hub_.plan(loaded->projects, loaded->maintenance);
            if (report) {
                add_settings(*report, running_, *loaded);
            }
            (*shared)(std::move(report));
        },
        *shared);
}

void ConfigReload::read(std::function<void(Loaded)> then, HubCommands::ReloadDone& done) {
    bool const taken = submit_to(
        lane_, [load = load_] { return load(); }, std::move(then));
    if (!taken) {
        done(failure(Errc::full, "the configuration is being read already"));
    }
}

Result<ReloadReport> ConfigReload::apply(Loaded loaded) {
    if (!loaded) {
        return tl::unexpected(refuse(lines_of(loaded.error())));
    }
    auto report = hub_.reload(loaded->projects, loaded->maintenance);
    loaded->projects = {};  // the registry's from here on; what follows are settings
    loaded->maintenance = {};
    if (!report) {
        auto const& error = report.error();
        bool const mistaken = error.code == Errc::invalid || error.code == Errc::unsupported;
        if (error.code != Errc::in_doubt) {
            return mistaken ? tl::unexpected(refuse({error.message})) : report;
        }
        // Applied, and not yet written down: the settings go along.
        log_.write(LogLevel::error, "config", error.message);
        ReloadReport settings;
        take_settings(*loaded, settings);
        for (auto const& warning : settings.warnings) {
            log_.write(LogLevel::warn, "config", warning);
        }
        return report;
    }
    take_settings(*loaded, *report);
    if (!std::exchange(wrong_, {}).empty()) {
        hub_.tell_problem("config", "the configuration is right again", true);
    }
    tell(*report);
    return report;
}

void ConfigReload::take_settings(config::Configuration const& loaded, ReloadReport& report) {
    auto const before = running_;
    running_ = config::with_live_settings(running_, loaded);
    auto const taken = applied_(running_);
    auto told = loaded;
    if (!taken) {
        running_.logging = before.logging;  // so that the next reload tries again
        told.logging = before.logging;
        report.warnings.push_back("logging stays as it was: " + taken.error().message);
    }
    add_settings(report, before, told);
}

Error ConfigReload::refuse(std::vector<std::string> const& mistakes) {
    // The problem below tells the first in the log as well.
    for (auto mistake = mistakes.begin() +
                        static_cast<std::ptrdiff_t>(std::min(mistakes.size(), kToldChanges));
         mistake != mistakes.end(); ++mistake) {
        log_.write(LogLevel::error, "config", *mistake);
    }
    auto first = mistakes;
    if (first.size() > kToldChanges) {
        first.resize(kToldChanges);
        first.push_back("and " + std::to_string(mistakes.size() - kToldChanges) + " more");
    }
    auto told = "the configuration is wrong, nothing was changed: " + joined(first, "; ");
    if (told != wrong_) {
        hub_.tell_problem("config", told, false);
        wrong_ = std::move(told);
    } else {
        log_.write(LogLevel::error, "config", told);  // the problem is the one that is known
    }
    return error_of(mistakes);
}

void ConfigReload::tell(ReloadReport const& report) {
    std::string line = "configuration reloaded: ";
    if (report.changes.empty() && report.settings.empty()) {
        line += "nothing changed";
    }
    std::size_t told = 0;
    for (auto const& change : report.changes) {
        if (told == kToldChanges) {
            line += "; and " + std::to_string(report.changes.size() - told) + " more";
            break;
        }
        line += (told++ == 0 ? "" : "; ") + to_text(change);
    }
    log_.write(LogLevel::info, "config", line);
    for (auto const& setting : report.settings) {
        log_.write(LogLevel::info, "config", setting);
    }
    for (auto const& warning : report.warnings) {
        log_.write(LogLevel::warn, "config", warning);
    }
    for (auto const& setting : report.needs_restart) {
        log_.write(LogLevel::warn, "config", setting);
    }
}

}  // namespace muster
