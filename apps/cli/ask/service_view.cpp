#include <cli/ask/service_view.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <cli/text/text_table.hpp>
#include <cli/text/words.hpp>

namespace muster {
namespace {

std::string full_name(ServiceView const& view) {
    return view.project + "/" + view.name;
}

std::string status_word(HealthStatus status, bool colour) {
    return toned(to_string(status), tone_of(status), colour);
}

std::string joined(std::vector<std::string> const& texts) {
    std::string line;
    for (auto const& text : texts) {
        line += (line.empty() ? "" : ", ") + text;
    }
    return line;
}

void fact(std::string& out, std::string_view what, std::string const& value) {
    if (!value.empty()) {
        out += fmt::format("{:<14}{}\n", what, value);
    }
}

/// The newest word on why an overlay is there.
AnsweredEvent const* overlay_event(std::vector<AnsweredEvent> const& changes,
                                   std::string_view overlay) {
    auto const found = std::find_if(changes.begin(), changes.end(), [&](auto const& event) {
        return event.overlay == overlay && event.overlay_on;
    });
    return found == changes.end() ? nullptr : &*found;
}

std::string last_check_words(AnsweredService const& service, WallTime now) {
    auto const& view = service.view;
    if (!view.last_check) {
        return "not checked yet";
    }
    auto words = age_words(view.last_check, now);
    words += ", " + millis_words(view.response_time);
    auto const& details = view.details;
    if (!details.error.empty()) {
        words += ", " + details.error;
    } else if (details.http_status != 0) {
        words += ", HTTP " + std::to_string(details.http_status);
    }
    if (!details.note.empty()) {
        words += ", " + details.note;
    }
    return words;
}

}  // namespace

std::string services_text(std::vector<AnsweredService> const& services, WallTime now, bool colour) {
    if (services.empty()) {
        return "no services\n";
    }
    TextTable table({{"ID", Align::right},
                     {"SERVICE"},
                     {"TYPE"},
                     {"STATUS"},
                     {"TIME", Align::right},
                     {"CHECKED"},
                     {"EVERY", Align::right},
                     {"OWNER"},
                     {"TARGET"}});
    for (auto const& service : services) {
        auto const& view = service.view;
        table.add({std::to_string(view.id.value),
                   full_name(view),
                   std::string(to_string(view.type)),
                   {std::string(to_string(view.status)), tone_of(view.status)},
                   millis_words(view.response_time),
                   age_words(view.last_check, now),
                   service.interval,
                   service.owner,
                   service.kind + " " + service.target});
    }
    return table.text(colour) + '\n' + counted(services.size(), "service") + '\n';
}

std::string service_text(AnsweredService const& service, WallTime now, bool colour) {
    auto const& view = service.view;
    std::string out = full_name(view) + " is " + status_word(view.status, colour) + '\n';
    fact(out, "id", std::to_string(view.id.value));
    fact(out, "overlays", overlay_words(view.overlays));
    fact(out, "last check", last_check_words(service, now));
    if (view.failures > 0) {
        fact(out, "failures", std::to_string(view.failures) + " in a row");
    }
    if (view.last_check) {
        fact(out, "uptime",
             percent_words(view.uptime_percent) + " of 24 h, of which " +
                 percent_words(view.coverage_percent) + " were observed");
    }
    fact(out, "probe", service.kind + " " + service.target);
    fact(out, "every", service.interval + ", timeout " + service.timeout);
    fact(out, "type", std::string(to_string(view.type)) + (view.critical ? "" : ", not critical"));
    fact(out, "depends on", joined(service.depends_on));
    fact(out, "tags", joined(service.tags));
    fact(out, "group", service.group);
    fact(out, "owner", service.owner);
    if (view.details.certificate_expires) {
        fact(out, "certificate", "expires " + to_rfc3339(*view.details.certificate_expires));
    }
    return out;
}

std::string probe_line(AnsweredProbe const& probe, bool colour) {
    auto details = probe.error;
    if (details.empty() && probe.http_status != 0) {
        details = "HTTP " + std::to_string(probe.http_status);
    }
    if (!probe.note.empty()) {
        details += (details.empty() ? "" : ", ") + probe.note;
    }
    return (probe.project.empty() ? "" : probe.project + "/") + probe.service + "  " +
           status_word(probe.status, colour) + "  " + millis_words(probe.response_ms) +
           (details.empty() ? "" : "  " + details) + '\n';
}

AnsweredEvent const* last_transition(std::vector<AnsweredEvent> const& changes) {
    auto const found = std::find_if(changes.begin(), changes.end(),
                                    [](auto const& event) { return event.overlay.empty(); });
    return found == changes.end() ? nullptr : &*found;
}

std::string explanation_text(Explanation const& explanation, bool colour) {
    auto const& view = explanation.service.view;
    auto const* const change = last_transition(explanation.changes);
    std::string out = full_name(view) + " is " + status_word(view.status, colour);
    if (change != nullptr && change->at) {
        out += " since " + to_rfc3339(*change->at) + " (" + age_words(change->at, explanation.at) +
               ")";
    }
    out += '\n';
    fact(out, "reason",
         change != nullptr ? change->description : "its status has not changed since it is known");
    fact(out, "root cause", change != nullptr ? change->root_cause : std::string());
    for (auto const& [overlay, name] : enum_names(Overlay{})) {
        if (!view.overlays.has(overlay)) {
            continue;
        }
        auto const* const event = overlay_event(explanation.changes, name);
        fact(out, "overlay", event != nullptr ? event->description : std::string(name));
        if (event != nullptr && !event->root_cause.empty()) {
            fact(out, "root cause", event->root_cause);
        }
    }
    fact(out, "now", last_check_words(explanation.service, explanation.at));
    if (view.failures > 0) {
        fact(out, "failures", std::to_string(view.failures) + " in a row");
    }
    if (explanation.checks.empty()) {
        return out;
    }
    TextTable table({{"CHECKED"}, {"STATUS"}, {"TIME", Align::right}, {"ERROR"}});
    for (auto const& check : explanation.checks) {
        auto const status =
            check.status == project_word(HealthStatus::up)
                ? HealthStatus::up
                : parse_enum<HealthStatus>(check.status).value_or(HealthStatus::unknown);
        table.add({check.started_at ? to_rfc3339(*check.started_at) : "-",
                   {std::string(to_string(status)), tone_of(status)},
                   millis_words(check.response_ms),
                   check.error});
    }
    return out + '\n' + table.text(colour);
}

}  // namespace muster
