#include <muster/api/metrics_history.hpp>

#include <string>
#include <utility>

#include <muster/api/answers.hpp>
#include <muster/api/query_reader.hpp>
#include <muster/codec/fleet_json.hpp>

namespace muster {
namespace {

constexpr std::int64_t kDefaultHours = 24;
constexpr std::int64_t kMaxHours = 8'760;
constexpr Millis kDefaultStep{60'000};

using Rows = HistoryQueries::Rows;

void divide(MetricsSample& sum, double count) {
    sum.requests_per_second /= count;
    sum.error_rate /= count;
    sum.memory_usage_percent /= count;
    sum.cpu_usage_percent /= count;
    sum.database_query_time_ms /= count;
}

void add_up(MetricsSample& sum, MetricsSample const& one) {
    sum.requests_per_second += one.requests_per_second;
    sum.error_rate += one.error_rate;
    sum.memory_usage_percent += one.memory_usage_percent;
    sum.cpu_usage_percent += one.cpu_usage_percent;
    sum.database_query_time_ms += one.database_query_time_ms;
    sum.error_count = one.error_count;
    sum.api_usage = one.api_usage;
}

Result<Rows> encode_metrics(HistoryReader& reader, MetricsQuery const& query, Millis step,
                            std::string const& project, std::size_t max_bytes) {
    Rows rows;
    rows.text = "[";
    auto const write = [&](std::optional<ProjectMetrics> const& metrics) {
        if (metrics) {
            rows.text += rows.total > 0 ? "," : "";
            append_project_metrics(rows.text, project, *metrics);
            ++rows.total;
        }
    };
    MetricsSteps steps(step);
    bool too_long = false;
    auto const read = reader.metrics(query, [&](ProjectMetrics const& metrics) {
        write(steps.add(metrics));
        too_long = rows.text.size() > max_bytes;
        return !too_long;
    });
    if (too_long) {
        return failure(Errc::invalid, "hours and step ask for more than " +
                                          std::to_string(max_bytes >> 20U) +
                                          " MB: ask for fewer hours, or a longer step");
    }
    if (!read) {
        return tl::unexpected(read.error());
    }
    write(steps.take());
    rows.text += ']';
    return rows;
}

}  // namespace

std::optional<ProjectMetrics> MetricsSteps::add(ProjectMetrics const& metrics) {
    auto const at = metrics.at - metrics.at.time_since_epoch() % step_;
    std::optional<ProjectMetrics> done;
    if (sum_ && sum_->at != at) {
        done = take();
    }
    if (!sum_) {
        sum_ = ProjectMetrics{metrics.project, at, {}};
        count_ = 0;
    }
    add_up(sum_->sample, metrics.sample);
    ++count_;
    return done;
}

std::optional<ProjectMetrics> MetricsSteps::take() {
    auto done = std::exchange(sum_, std::nullopt);
    if (done) {
        divide(done->sample, static_cast<double>(count_));
    }
    return done;
}

void get_metrics_history(Request const& request, MetricsHistoryViews const& views, Reply reply) {
    auto const now = views.clock.now().wall;
    QueryReader reader(request.target);
    auto const hours = reader.number("hours", kDefaultHours, 1, kMaxHours);
    auto const step = reader.duration("step", 1s, std::chrono::hours(kMaxHours));
    if (reader.problem()) {
        reply(refuse(400, *reader.problem(), now));
        return;
    }
    auto const* const project = views.model.project(request.parameter("project"));
    if (project == nullptr) {
        reply(refuse(404, "No such project: " + in_quotes(request.parameter("project")), now));
        return;
    }
    MetricsQuery const query{project->view.id, now - std::chrono::hours(hours), now + Millis(1)};
    views.history.ask(
        [query, step = step.value_or(kDefaultStep), name = project->view.name,
         max_bytes = views.history.max_bytes()](HistoryReader& history) {
            return encode_metrics(history, query, step, name, max_bytes);
        },
        [&clock = views.clock, reply = std::move(reply)](Result<Rows> rows) mutable {
            auto const at = clock.now().wall;
            reply(rows ? answer_list(std::move(rows->text), rows->total, at)
                       : refuse(rows.error(), at));
        });
}

void add_metrics_history_route(Router& router, MetricsHistoryViews const& views) {
    router.add_later(Method::get, "/api/metrics/{project}/history",
                     [views](Request const& request, Reply reply) {
                         get_metrics_history(request, views, std::move(reply));
                     });
}

}  // namespace muster
