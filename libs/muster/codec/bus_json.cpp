#include <muster/codec/bus_json.hpp>

#include <chrono>
#include <map>
#include <utility>
#include <variant>

#include <muster/codec/feed_json.hpp>
#include <muster/codec/json_text.hpp>
#include <muster/codec/record_json.hpp>
#include <muster/domain/project_status.hpp>

namespace muster {
namespace {

struct ProjectSum {
    std::vector<ProjectMember> members;
    std::size_t running{0};
};

std::string_view running_word(ProjectSum const& sum) noexcept {
    if (sum.running == 0) {
        return "stopped";
    }
    return sum.running == sum.members.size() ? "running" : "partial";
}

void append_member(std::string& out, HealthSummary::Member const& member, WallTime now) {
    auto const& spec = member.service->spec;
    JsonObject object(out);
    object.text("project", spec.project);
    object.text("name", spec.name);
    object.text("type", to_string(spec.type));
    object.text("status", to_string(member.status));
    if (member.response_time) {
        object.number("latency_ms", std::int64_t{member.response_time->count()});
    }
    if (!spec.version.empty()) {
        object.text("version", spec.version);
    }
    if (member.not_down_since) {
        auto const up = std::chrono::floor<std::chrono::seconds>(now - *member.not_down_since);
        object.number("uptime_seconds", std::int64_t{std::max<std::int64_t>(up.count(), 0)});
    }
    if (member.endpoints_total != 0) {
        object.number("endpoints_healthy", std::int64_t{member.endpoints_healthy});
        object.number("endpoints_total", std::int64_t{member.endpoints_total});
    }
    object.close();
}

void append_project(std::string& out, Project const& project, ProjectSum const& sum) {
    JsonObject object(out);
    object.number("id", std::int64_t{project.id.value});
    object.text("name", project.spec.name);
    object.text("status", running_word(sum));
    object.text("health", project_word(project_status(sum.members)));
    object.number("service_count", static_cast<std::int64_t>(sum.members.size()));
    object.close();
}

void add_comma(std::string& list) {
    if (!list.empty()) {
        list += ',';
    }
}

}  // namespace

std::string encode_health_summary(HealthSummary const& summary) {
    std::map<ProjectId, ProjectSum> sums;
    for (auto const& member : summary.members) {
        auto& sum = sums[member.service->project_id];
        sum.members.push_back({member.status, member.service->spec.critical});
        sum.running += member.running ? 1 : 0;
    }
    std::vector<ProjectMember> projects;
    projects.reserve(summary.projects.size());
    for (auto const& project : summary.projects) {
        projects.push_back({project_status(sums[project->id].members), project->spec.critical});
    }
    std::string out;
    JsonObject object(out);
    object.text("hub_id", summary.hub_id);
    object.text("id", summary.id);
    object.time("timestamp", summary.at);
    object.text("overall_status", project_word(project_status(projects)));
    append_json_list(object.key("services"), summary.members,
                     [&summary](std::string& to, HealthSummary::Member const& member) {
                         append_member(to, member, summary.at);
                     });
    append_json_list(object.key("projects"), summary.projects,
                     [&sums](std::string& to, SharedProject const& project) {
                         append_project(to, *project, sums[project->id]);
                     });
    object.close();
    return out;
}

void HealthBatch::add(Record const& record, WallTime at, ServiceName const* service) {
    if (empty()) {
        first_ = record.position;
    }
    last_ = record.position;
    at_ = std::max(at_, at);
    if (auto const* const result = std::get_if<CheckResult>(&record.body)) {
        if (service == nullptr || result->outcome.verdict == Verdict::not_counted) {
            return;
        }
        add_comma(results_);
        JsonObject object(results_);
        append_json_number(object.key("seq"), record.position.seq);
        object.text("project", service->project);
        object.text("service", service->name);
        object.text("status", to_string(result->after.status));
        object.time("at", result->accepted_at);
        object.number("responseTimeMs",
                      static_cast<double>(result->outcome.response_time.count()) / 1'000.0);
        if (!result->outcome.error.empty()) {
            object.text("error", result->outcome.error);
        }
        object.close();
        return;
    }
    if (auto const* const transition = std::get_if<Transition>(&record.body)) {
        add_comma(transitions_);
        JsonObject object(transitions_);
        append_json_number(object.key("seq"), record.position.seq);
        object.text("project", transition->project);
        object.text("service", transition->name);
        object.text("from", to_string(transition->from));
        object.text("to", to_string(transition->to));
        object.raw("reason", encode_reason(transition->reason));
        object.time("at", transition->at);
        object.close();
        return;
    }
    auto const before = changes_.size();
    add_comma(changes_);
    if (!append_feed_record(changes_, record)) {
        changes_.resize(before);
    }
}

std::string HealthBatch::take() {
    std::string out;
    out.reserve(size() + 256);
    JsonObject object(out);
    object.text("hubId", hub_id_);
    object.text("id", hub_id_ + ":" + position_text(last_));
    append_json_number(object.key("epoch"), first_.epoch);
    append_json_number(object.key("firstSeq"), first_.seq);
    append_json_number(object.key("lastSeq"), last_.seq);
    object.time("timestamp", at_);
    object.raw("results", "[" + results_ + "]");
    object.raw("transitions", "[" + transitions_ + "]");
    if (!changes_.empty()) {
        object.raw("changes", "[" + changes_ + "]");
    }
    object.close();
    *this = HealthBatch(std::move(hub_id_));
    return out;
}

}  // namespace muster
