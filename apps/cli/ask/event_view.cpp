#include <cli/ask/event_view.hpp>

#include <fmt/format.h>

#include <cli/text/tone.hpp>

namespace muster {
namespace {

Tone tone_of_severity(std::string_view severity) noexcept {
    if (severity == "critical") {
        return Tone::bad;
    }
    return severity == "warning" ? Tone::warning : Tone::plain;
}

std::string subject_of(AnsweredEvent const& event) {
    if (event.project.empty()) {
        return "hub: ";
    }
    return event.project + (event.service.empty() ? "" : "/" + event.service) + ": ";
}

}  // namespace

std::string event_line(AnsweredEvent const& event, bool colour) {
    auto const when = event.at ? to_rfc3339(*event.at) : std::string("-");
    auto const severity =
        toned(fmt::format("{:<8}", event.severity), tone_of_severity(event.severity), colour);
    return fmt::format("{:<24}  {}  {:<20}  {}{}\n", when, severity, event.type, subject_of(event),
                       event.description);
}

}  // namespace muster
