#include <cli/check/check_table.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace muster {
namespace {

constexpr std::string_view kGap = "  ";
constexpr std::string_view kNone = "-";
constexpr std::string_view kPlain = "\x1b[0m";

enum Column : std::size_t { project, service, status, time, details, kColumns };

using Row = std::array<std::string, kColumns>;
using Widths = std::array<std::size_t, kColumns>;

std::string_view colour_of(HealthStatus status) noexcept {
    switch (status) {
        case HealthStatus::up:
            return "\x1b[32m";
        case HealthStatus::degraded:
            return "\x1b[33m";
        case HealthStatus::down:
            return "\x1b[31m";
        case HealthStatus::unknown:
            return "\x1b[35m";
    }
    return kPlain;
}

/// Below ten milliseconds a decimal tells more than rounding to one of them.
std::string time_of(Micros time) {
    if (time < 10ms) {
        auto const tenths = (time.count() + 50) / 100;
        return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
    }
    return std::to_string(std::chrono::round<Millis>(time).count()) + " ms";
}

Row row_of(CheckedService const& result) {
    auto const& spec = *result.service;
    bool const measured = result.outcome.verdict != Verdict::not_counted;
    return {spec.project.empty() ? std::string(kNone) : spec.project, spec.name,
            std::string(to_string(result.status)),
            measured ? time_of(result.outcome.response_time) : std::string(kNone),
            details_of(result)};
}

/// The widest entry of each column; the last one needs none.
Widths widths_of(std::vector<Row> const& rows) {
    Widths widths{};
    for (auto const& row : rows) {
        for (std::size_t column = 0; column < details; ++column) {
            widths[column] = std::max(widths[column], row[column].size());
        }
    }
    return widths;
}

void append_row(std::string& out, Row const& row, Widths const& widths, std::string_view colour) {
    for (std::size_t column = 0; column < details; ++column) {
        auto const padding = widths[column] - row[column].size();
        if (column == time) {
            out.append(padding, ' ');
        }
        bool const coloured = column == status && !colour.empty();
        out += coloured ? colour : std::string_view();
        out += row[column];
        out += coloured ? kPlain : std::string_view();
        if (column != time) {
            out.append(padding, ' ');
        }
        out += kGap;
    }
    out += row[details];
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
}

void append_summary(std::string& out, std::vector<CheckedService> const& results) {
    out += '\n' + std::to_string(results.size()) + " checked";
    std::string_view separator = ": ";
    for (auto const wanted :
         {HealthStatus::up, HealthStatus::degraded, HealthStatus::down, HealthStatus::unknown}) {
        auto const count = std::count_if(
            results.begin(), results.end(),
            [wanted](CheckedService const& result) { return result.status == wanted; });
        if (count > 0) {
            out += separator;
            out += std::to_string(count) + " " + std::string(to_string(wanted));
            separator = ", ";
        }
    }
    out += '\n';
}

std::string answer_of(CheckedService const& result) {
    if (result.outcome.http_status != 0) {
        return "HTTP " + std::to_string(result.outcome.http_status);
    }
    return "connected";
}

/// Of one that expires soon the outcome's own note speaks.
std::string certificate_of(CheckedService const& result) {
    auto const& outcome = result.outcome;
    if (!outcome.certificate_expires || *outcome.certificate_expires <= result.started_at ||
        outcome.note.find("certificate") != std::string::npos) {
        return {};
    }
    auto const left =
        std::chrono::floor<std::chrono::days>(*outcome.certificate_expires - result.started_at);
    return ", certificate has " + std::to_string(left.count()) + " days left";
}

std::string endpoints_of(Outcome const& outcome) {
    if (outcome.endpoints_total == 0) {
        return {};
    }
    return ", " + std::to_string(outcome.endpoints_healthy) + " of " +
           std::to_string(outcome.endpoints_total) + " URLs pass";
}

}  // namespace

std::string details_of(CheckedService const& result) {
    auto const& outcome = result.outcome;
    std::string text = outcome.error;
    if (text.empty()) {
        text = result.status == HealthStatus::down ? "says that it is down" : answer_of(result);
    }
    if (result.status == HealthStatus::degraded) {
        bool const slow = outcome.response_time > result.service->policy.degraded_above;
        text += slow ? ", slower than " + format_duration(result.service->policy.degraded_above)
                     : std::string(", says that it is degraded");
    }
    text += endpoints_of(outcome) + certificate_of(result);
    return outcome.note.empty() ? text : text + ", " + outcome.note;
}

std::string check_table(std::vector<CheckedService> const& results, bool colour) {
    std::vector<Row> rows{{"PROJECT", "SERVICE", "STATUS", "TIME", "DETAILS"}};
    for (auto const& result : results) {
        rows.push_back(row_of(result));
    }
    auto const widths = widths_of(rows);
    std::string out;
    append_row(out, rows.front(), widths, {});
    for (std::size_t index = 0; index < results.size(); ++index) {
        append_row(out, rows[index + 1], widths,
                   colour ? colour_of(results[index].status) : std::string_view());
    }
    append_summary(out, results);
    return out;
}

}  // namespace muster
