#include <cmath>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <muster/api/html_text.hpp>
#include <muster/api/report.hpp>

namespace muster {
namespace {

std::string seconds_text(Micros time) {
    auto const millis = std::llround(static_cast<double>(time.count()) / 1e3);
    return millis < 1'000 ? fmt::format("{} ms", millis)
                          : fmt::format("{:.2f} s", static_cast<double>(millis) / 1e3);
}

void append_cell(std::string& out, std::string_view text, bool number) {
    out += number ? R"(<td class="number">)" : "<td>";
    append_html(out, text);
    out += "</td>";
}

std::string availability_text(AvailabilityFigures const& figures) {
    return figures.coverage_percent > 0 ? percent_text(figures.uptime_percent) : "not observed";
}

void append_service(std::string& out, ServiceReport const& service) {
    auto const& seen = service.seen;
    bool const spread = !seen.response_times.empty();
    auto const quantile = [&](double part) {
        return spread ? seconds_text(quantile_of(seen, part)) : std::string("-");
    };
    out += "<tr>";
    append_cell(out, service.name + (service.critical ? "" : " (not critical)"), false);
    append_cell(out, availability_text(service.availability), true);
    append_cell(out, percent_text(service.availability.coverage_percent), true);
    append_cell(out, service.down > Millis(0) ? length_text(service.down) : "-", true);
    append_cell(out, std::to_string(seen.checks), true);
    append_cell(out, quantile(0.50), true);
    append_cell(out, quantile(0.95), true);
    append_cell(out, quantile(0.99), true);
    out += "</tr>";
}

void append_services(std::string& out, Report const& report) {
    out += R"(<section><h2>Services</h2><div class="wide"><table><thead><tr><th>Service</th>)"
           R"(<th class="number">Available</th><th class="number">Observed</th>)"
           R"(<th class="number">Down</th><th class="number">Checks</th>)"
           R"(<th class="number">p50</th><th class="number">p95</th><th class="number">p99</th>)"
           R"(</tr></thead><tbody>)";
    for (auto const& service : report.services) {
        append_service(out, service);
    }
    out += "</tbody></table></div></section>";
}

void append_incidents(std::string& out, Report const& report) {
    out += "<section><h2>Incidents</h2>";
    if (report.incidents.empty()) {
        out += report.more_incidents
                   ? "<p>Not known: there are too many later changes of status to look at.</p>"
                   : "<p>None.</p>";
        out += "</section>";
        return;
    }
    out += R"(<div class="wide"><table><thead><tr><th>Service</th><th>From</th><th>Until</th>)"
           R"(<th class="number">Length</th><th>Why</th></tr></thead><tbody>)";
    for (auto const& incident : report.incidents) {
        out += "<tr>";
        append_cell(out, incident.service, false);
        append_cell(out, minute_text(incident.from), false);
        append_cell(out, incident.until ? minute_text(*incident.until) : "still down", false);
        append_cell(out, incident.until ? length_text(*incident.until - incident.from) : "-", true);
        append_cell(out, incident.why, false);
        out += "</tr>";
    }
    out += "</tbody></table></div>";
    if (report.more_incidents) {
        out += R"(<p class="quiet">There may be more: only the newest are listed.</p>)";
    }
    out += "</section>";
}

}  // namespace

Response report_page(Report const& report) {
    std::string main = "<h1>";
    append_html(main, report.project);
    main += R"(</h1><p class="quiet">)";
    append_html(main, minute_text(report.from) + " to " + minute_text(report.until));
    main += "</p><section><h2>Availability</h2><p>";
    append_html(main, availability_text(report.availability));
    main += R"(</p><p class="quiet">Of the deciding service that was available least, in the )"
            R"(time that was observed ()";
    append_html(main, percent_text(report.availability.coverage_percent));
    main += ").</p></section>";
    append_services(main, report);
    append_incidents(main, report);
    return html_page(report.project + ": report", main, 0);
}

}  // namespace muster
