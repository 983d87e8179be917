#include <muster/api/badge.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <muster/api/answers.hpp>
#include <muster/api/html_text.hpp>
#include <muster/api/query_reader.hpp>
#include <muster/base/enum_names.hpp>
#include <muster/codec/project_json.hpp>

namespace muster {
namespace {

enum class Metric : std::uint8_t { status, uptime, response };

constexpr EnumNames<Metric, 3> enum_names(Metric) {
    return {
        {{Metric::status, "status"}, {Metric::uptime, "uptime"}, {Metric::response, "response"}}};
}

/// In the order of kUptimeRangeNames.
enum class Window : std::uint8_t { day = 0, week, month, quarter, year };

constexpr EnumNames<Window, 5> enum_names(Window) {
    return {{{Window::day, "24h"},
             {Window::week, "7d"},
             {Window::month, "30d"},
             {Window::quarter, "90d"},
             {Window::year, "1y"}}};
}

/// White text on each of them has a contrast above 4.5 to 1.
constexpr std::string_view colour_of(Badge::Tone tone) noexcept {
    switch (tone) {
        case Badge::Tone::good:
            return "#1b7a34";
        case Badge::Tone::warning:
            return "#8a5a00";
        case Badge::Tone::bad:
            return "#b3261e";
        case Badge::Tone::neutral:
            return "#5f6368";
    }
    return {};
}

/// Characters, not bytes: continuation bytes of UTF-8 take no room.
std::size_t width_of(std::string_view text) {
    constexpr std::size_t kCharacter = 7;
    constexpr std::size_t kMargins = 12;
    auto const characters = std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    });
    return static_cast<std::size_t>(characters) * kCharacter + kMargins;
}

Response svg_response(unsigned status, Badge const& badge) {
    Response response;
    response.status = status;
    response.content_type = "image/svg+xml; charset=utf-8";
    response.headers =
        "Cache-Control: private, max-age=30\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n";
    response.body.head = badge_svg(badge);
    return response;
}

/// Of whom a badge tells.
struct Subject {
    ProjectId project;
    std::optional<ServiceId> service;
    std::string label;
};

/// Names have no dots, so what ends in `.svg` is a file's name.
std::string_view without_suffix(std::string_view name) {
    constexpr std::string_view kSuffix = ".svg";
    return name.ends_with(kSuffix) ? name.substr(0, name.size() - kSuffix.size()) : name;
}

std::optional<Subject> subject_of(Request const& request, ReadModel const& model) {
    auto const* const project = model.project(without_suffix(request.parameter("project")));
    if (project == nullptr) {
        return std::nullopt;
    }
    Subject subject{project->view.id, std::nullopt, project->view.name};
    auto const name = without_suffix(request.parameter("service"));
    if (name.empty()) {
        return subject;
    }
    auto const* const service = model.service(project->view.id, name);
    if (service == nullptr) {
        return std::nullopt;
    }
    subject.service = service->id;
    subject.label += "/" + service->name;
    return subject;
}

Badge status_of(Subject const& subject, ReadModel const& model) {
    if (subject.service) {
        auto const& view = *model.service(*subject.service);
        return status_badge(subject.label, view.status, to_string(view.status), view.overlays);
    }
    auto const& view = model.project(subject.project)->view;
    return status_badge(subject.label, view.status, project_word(view.status), view.overlays);
}

/// The figures of one service, or of the project's deciding ones the least.
std::optional<AvailabilityFigures> figures_of(Subject const& subject, Window window,
                                              ReadModel const& model,
                                              UptimeBook::Shared const& history) {
    auto const range = static_cast<std::size_t>(window);
    std::vector<ServiceHealth> services;
    for (auto const* view : model.services_of(subject.project)) {
        if (subject.service && view->id != *subject.service) {
            continue;
        }
        ServiceHealth health;
        health.view = view;
        if (window == Window::day) {
            health.uptime[range] =
                AvailabilityFigures{view->uptime_percent, view->coverage_percent};
        } else if (auto const known = history->find(view->id); known != history->end()) {
            health.uptime[range] = known->second.ranges[range - 1];
        }
        services.push_back(health);
    }
    return least_available(services, range);
}

/// `history`: null for the day, which is live.
Response uptime_response(Subject const& subject, Window window, ReadModel const& model,
                         UptimeBook::Shared const& history) {
    auto const figures = figures_of(subject, window, model, history);
    auto label = subject.label + " uptime " + std::string(to_string(window));
    return svg_response(200,
                        uptime_badge(std::move(label), figures.value_or(AvailabilityFigures{})));
}

Millis length_of(Window window) noexcept {
    return window == Window::day ? Millis(std::chrono::hours(24))
                                 : kUptimeRanges[static_cast<std::size_t>(window) - 1];
}

/// All that was seen in a range, in steps that the coarse levels of the history have.
Result<Rollup> read_seen(HistoryReader& reader, Subject const& subject, Window window,
                         WallTime now) {
    BucketsQuery query;
    query.project = subject.project;
    query.service = subject.service;
    query.from = now - length_of(window);
    query.until = now;
    query.step =
        window == Window::day ? Millis(std::chrono::hours(1)) : Millis(std::chrono::hours(24));
    auto const rows = reader.buckets(query);
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    Rollup seen;
    for (auto const& row : *rows) {
        merge(seen, row.bucket.seen, length_of(window));
    }
    return seen;
}

void answer_response(Subject const& subject, Window window, BadgeViews const& views, Reply reply) {
    views.history.ask(
        [subject, window, now = views.clock.now().wall](HistoryReader& reader) {
            return read_seen(reader, subject, window, now);
        },
        [subject, window, &clock = views.clock,
         reply = std::move(reply)](Result<Rollup> seen) mutable {
            if (!seen) {
                reply(refuse(seen.error(), clock.now().wall));
                return;
            }
            reply(svg_response(
                200, response_badge(subject.label + " response " + std::string(to_string(window)),
                                    *seen)));
        });
}

/// `range`, or its other word.
Window read_window(QueryReader& reader) {
    auto const range = reader.choice<Window>("range");
    auto const window = reader.choice<Window>("window");
    return range.value_or(window.value_or(Window::day));
}

}  // namespace

std::string badge_svg(Badge const& badge) {
    auto const left = width_of(badge.label);
    auto const right = width_of(badge.message);
    std::string label;
    std::string message;
    append_html(label, badge.label);
    append_html(message, badge.message);
    return fmt::format(
        R"svg(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="20" role="img" )svg"
        R"svg(aria-label="{3}: {4}"><title>{3}: {4}</title>)svg"
        R"svg(<clipPath id="round"><rect width="{0}" height="20" rx="3"/></clipPath>)svg"
        R"svg(<g clip-path="url(#round)"><rect width="{1}" height="20" fill="#3c4043"/>)svg"
        R"svg(<rect x="{1}" width="{2}" height="20" fill="{5}"/></g>)svg"
        R"svg(<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" )svg"
        R"svg(text-anchor="middle"><text x="{6}" y="14">{3}</text><text x="{7}" y="14">{4}</text>)svg"
        R"svg(</g></svg>)svg",
        left + right, left, right, label, message, colour_of(badge.tone),
        static_cast<double>(left) / 2, static_cast<double>(left) + static_cast<double>(right) / 2);
}

Badge status_badge(std::string label, HealthStatus status, std::string_view word,
                   Overlays overlays) {
    if (overlays.has(Overlay::maintenance)) {
        return {std::move(label), "maintenance", Badge::Tone::neutral};
    }
    auto tone = Badge::Tone::neutral;
    switch (status) {
        case HealthStatus::up:
            tone = Badge::Tone::good;
            break;
        case HealthStatus::degraded:
            tone = Badge::Tone::warning;
            break;
        case HealthStatus::down:
            tone = Badge::Tone::bad;
            break;
        case HealthStatus::unknown:
            break;
    }
    return {std::move(label), std::string(word), tone};
}

Badge uptime_badge(std::string label, AvailabilityFigures const& figures) {
    constexpr double kGood = 99.9;
    constexpr double kFair = 99;
    if (figures.coverage_percent <= 0) {
        return {std::move(label), "no data", Badge::Tone::neutral};
    }
    auto const uptime = figures.uptime_percent;
    auto const tone = uptime >= kGood   ? Badge::Tone::good
                      : uptime >= kFair ? Badge::Tone::warning
                                        : Badge::Tone::bad;
    return {std::move(label), percent_text(uptime), tone};
}

Badge response_badge(std::string label, Rollup const& seen) {
    if (seen.response_times.empty()) {
        return {std::move(label), "no data", Badge::Tone::neutral};
    }
    constexpr std::int64_t kSecond = 1'000'000;
    auto const median = quantile_of(seen, 0.5).count();
    return {std::move(label),
            median < kSecond ? fmt::format("{} ms", median / 1'000)
                             : fmt::format("{:.2f} s", static_cast<double>(median) / kSecond),
            Badge::Tone::neutral};
}

void get_badge(Request const& request, BadgeViews const& views, Reply reply) {
    QueryReader reader(request.target);
    auto const metric = reader.choice<Metric>("metric").value_or(Metric::status);
    auto const window = read_window(reader);
    if (reader.problem()) {
        reply(refuse(400, *reader.problem(), views.clock.now().wall));
        return;
    }
    auto subject = subject_of(request, views.model);
    if (!subject) {
        reply(svg_response(404, {"muster", "not found", Badge::Tone::neutral}));
        return;
    }
    if (metric == Metric::status) {
        reply(svg_response(200, status_of(*subject, views.model)));
        return;
    }
    if (metric == Metric::response) {
        answer_response(*subject, window, views, std::move(reply));
        return;
    }
    if (window == Window::day) {
        reply(uptime_response(*subject, window, views.model, nullptr));
        return;
    }
    auto answer = [views, window, subject = *subject,
                   reply = std::move(reply)](Result<UptimeBook::Shared> history) mutable {
        if (!history) {
            reply(refuse(history.error(), views.clock.now().wall));
            return;
        }
        reply(uptime_response(subject, window, views.model, *history));
    };
    if (subject->service) {
        views.uptime.ask_one(subject->project, *subject->service, std::move(answer));
        return;
    }
    std::vector<ServiceId> ids;
    for (auto const* view : views.model.services_of(subject->project)) {
        ids.push_back(view->id);
    }
    views.uptime.ask(subject->project, std::move(ids), std::move(answer));
}

void add_badge_routes(Router& router, BadgeViews const& views) {
    for (auto const* pattern : {"/badge/{project}", "/badge/{project}/{service}"}) {
        router.add_later(Method::get, pattern, [views](Request const& request, Reply reply) {
            get_badge(request, views, std::move(reply));
        });
    }
}

}  // namespace muster
