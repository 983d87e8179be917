#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/fleet_delta.hpp>

namespace muster {

// What a hub answers, read by those who ask one. Fields that are not known are ignored, one that is
// missing or of another type counts as not said; texts are made fit to show. Every reader gives
// Errc::corrupt for what is no answer of a hub, and what the hub says where it refused: its code
// stands for the refusal (not_found, conflict, unavailable, else invalid).

/// A list of an answer, or a page of it.
template <class Item>
struct AnsweredList {
    std::vector<Item> items;
    std::uint64_t total{0};      ///< Of all pages.
    std::optional<WallTime> at;  ///< The hub's time of the answer.
};

/// A service as GET /api/services tells of it.
struct AnsweredService {
    ServiceView view;
    std::string kind;      ///< Of its probe.
    std::string target;    ///< What is probed, without secrets.
    std::string interval;  ///< As it is written: `30s`.
    std::string timeout;
    std::string group;
    std::string owner;  ///< `file` or `api`.
    std::vector<std::string> tags;
    std::vector<std::string> depends_on;
    std::optional<WallTime> at;  ///< The hub's time, of an answer that is about this one.
};

struct AnsweredEvent {
    std::int64_t id{0};
    std::string project;
    std::string service;
    std::string type;  ///< May be one that only a newer hub knows.
    std::string severity;
    std::string description;
    std::optional<WallTime> at;
    std::string overlay;     ///< Of an overlay that came or went; else empty.
    bool overlay_on{false};  ///< It came.
    std::string root_cause;  ///< The dependency at fault; empty: none.
    std::string json;        ///< The whole of it, in one line.
};

struct AnsweredBucket {
    std::string service;
    WallTime from{};
    WallTime to{};
    std::uint64_t checks{0};
    std::uint64_t up{0};
    std::uint64_t degraded{0};
    std::uint64_t down{0};
    Millis unobserved{0};
    std::optional<double> mean_ms;
    std::optional<double> longest_ms;
};

/// One check of a history.
struct AnsweredCheck {
    std::string service;
    std::string status;  ///< In a project's words.
    std::optional<WallTime> started_at;
    double response_ms{0};
    std::string error;  ///< Empty: it passed.
};

struct AnsweredWindow {
    std::int64_t id{0};
    std::string match;  ///< `projects shop, tags eu`; `everything` where it asks for nothing.
    std::string when;   ///< `2026-… to 2026-…`, or `every sun 02:00 to 04:00 UTC`.
    std::string why;
    std::string owner;
};

/// What POST /api/services/{id}/check?wait=1 saw.
struct AnsweredProbe {
    std::string project;
    std::string service;
    HealthStatus status{HealthStatus::unknown};
    std::optional<double> response_ms;
    std::string error;
    std::string note;
    std::int64_t http_status{0};  ///< 0: none.
};

/// GET /api/projects/status, by name.
[[nodiscard]] Result<AnsweredList<ProjectView>> read_status_answer(std::string_view text);
[[nodiscard]] Result<AnsweredList<AnsweredService>> read_services_answer(std::string_view text);
/// The answer of a call that gives one service.
[[nodiscard]] Result<AnsweredService> read_service_answer(std::string_view text);
[[nodiscard]] Result<AnsweredList<AnsweredEvent>> read_events_answer(std::string_view text);
/// GET /api/history/{project}?step=
[[nodiscard]] Result<AnsweredList<AnsweredBucket>> read_buckets_answer(std::string_view text);
/// GET /api/history/{project}; a bucket among the rows is left out.
[[nodiscard]] Result<AnsweredList<AnsweredCheck>> read_checks_answer(std::string_view text);
[[nodiscard]] Result<AnsweredList<AnsweredWindow>> read_windows_answer(std::string_view text);
/// The answer of a call that gives one window.
[[nodiscard]] Result<AnsweredWindow> read_window_answer(std::string_view text);
[[nodiscard]] Result<AnsweredProbe> read_probe_answer(std::string_view text);

/// What an answer's `data` is, as JSON in one line; of an object only the member `only`, if it is
/// not empty.
[[nodiscard]] Result<std::string> read_answer_data(std::string_view text,
                                                   std::string_view only = {});
/// The elements of an answer's `data`, each as JSON in one line.
[[nodiscard]] Result<AnsweredList<std::string>> read_answer_items(std::string_view text);

/// GET /health and GET /ready, which have no envelope.
struct AnsweredLife {
    bool ready{false};           ///< Of /ready; of /health: it is one.
    std::string problem;         ///< Why it is not ready.
    std::optional<WallTime> at;  ///< The hub's time, of /health.
    double uptime_s{0};          ///< Of /health.
};
[[nodiscard]] Result<AnsweredLife> read_health_answer(std::string_view text);
[[nodiscard]] Result<AnsweredLife> read_ready_answer(std::string_view text);

}  // namespace muster
