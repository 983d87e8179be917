#include <muster/codec/feed_json.hpp>

#include <charconv>
#include <cstdint>
#include <variant>

#include <muster/codec/json_text.hpp>
#include <muster/codec/record_json.hpp>
#include <muster/codec/service_json.hpp>

namespace muster {
namespace {

void append_feed_project(std::string& out, Project const& project) {
    auto const& spec = project.spec;
    JsonObject object(out);
    object.number("id", project.id.value);
    object.text("name", spec.name);
    if (spec.url.host.empty()) {
        object.null("url");
    } else {
        object.text("url", to_text(spec.url));
    }
    object.text("description", spec.description);
    object.boolean("critical", spec.critical);
    object.texts("tags", spec.tags);
    if (spec.group.empty()) {
        object.null("group");
    } else {
        object.text("group", spec.group);
    }
    object.text("owner", to_string(project.owner));
    object.time("createdAt", project.created_at);
    object.time("updatedAt", project.updated_at);
    object.close();
}

void text_if_any(JsonObject& object, std::string_view key, std::string_view text) {
    if (!text.empty()) {
        object.text(key, text);
    }
}

/// Writes the members of a record; false: the feed does not show its kind.
class FeedRecordWriter {
public:
    explicit FeedRecordWriter(JsonObject& object) : object_(object) {}

    bool operator()(CheckResult const& result) {
        auto const& outcome = result.outcome;
        object_.text("kind", "result");
        object_.number("serviceId", result.service.value);
        object_.text("verdict", to_string(outcome.verdict));
        object_.text("status", to_string(result.after.status));
        object_.number("consecutiveFailures", std::int64_t{result.after.failures});
        object_.time("startedAt", result.started_at);
        object_.time("at", result.accepted_at);
        object_.number("responseTimeMs",
                       static_cast<double>(outcome.response_time.count()) / 1'000.0);
        text_if_any(object_, "error", outcome.error);
        text_if_any(object_, "note", outcome.note);
        if (outcome.http_status != 0) {
            object_.number("httpStatus", std::int64_t{outcome.http_status});
        }
        object_.percent("uptime", result.uptime_percent);
        return true;
    }
    bool operator()(Transition const& transition) {
        object_.text("kind", "transition");
        about(transition.service, transition.project, transition.name);
        object_.text("from", to_string(transition.from));
        object_.text("to", to_string(transition.to));
        object_.time("at", transition.at);
        object_.raw("reason", encode_reason(transition.reason));
        return true;
    }
    bool operator()(OverlayChanged const& changed) {
        object_.text("kind", "overlay_changed");
        about(changed.service, changed.project, changed.name);
        object_.text("overlay", to_string(changed.overlay));
        object_.boolean("on", changed.on);
        text_if_any(object_, "why", changed.why);
        text_if_any(object_, "rootCause", changed.root);
        object_.time("at", changed.at);
        return true;
    }
    bool operator()(ProjectChanged const& changed) {
        object_.text("kind", "project_changed");
        object_.boolean("added", changed.added);
        append_feed_project(object_.key("project"), changed.project);
        return true;
    }
    bool operator()(ProjectRemoved const& removed) {
        object_.text("kind", "project_removed");
        object_.number("projectId", removed.id.value);
        object_.text("project", removed.name);
        object_.time("at", removed.at);
        return true;
    }
    bool operator()(ServiceChanged const& changed) {
        object_.text("kind", "service_changed");
        object_.boolean("added", changed.added);
        append_service(object_.key("service"), changed.service, nullptr);
        return true;
    }
    bool operator()(ServiceRemoved const& removed) {
        object_.text("kind", "service_removed");
        about(removed.id, removed.project, removed.name);
        object_.time("at", removed.at);
        return true;
    }
    bool operator()(MaintenanceChanged const& changed) {
        object_.text("kind", "maintenance_changed");
        object_.boolean("added", changed.added);
        append_window(object_.key("window"), changed.window);
        object_.time("at", changed.at);
        return true;
    }
    bool operator()(MaintenanceRemoved const& removed) {
        object_.text("kind", "maintenance_removed");
        object_.number("windowId", removed.id.value);
        object_.time("at", removed.at);
        return true;
    }
    bool operator()(HubStarted const& started) {
        object_.text("kind", "hub_started");
        object_.text("hubId", started.hub_id);
        object_.text("version", started.version);
        object_.time("at", started.at);
        return true;
    }
    bool operator()(HubStopped const& stopped) {
        object_.text("kind", "hub_stopped");
        object_.time("at", stopped.at);
        return true;
    }
    /// What the journal itself could not take is lost for everybody; a gap of one of the hub's own
    /// followers is none of the feed's. Of what gave way at the journal's limit no record tells:
    /// there the feed begins anew.
    bool operator()(Gap const& gap) {
        if (gap.follower != "journal") {
            return false;
        }
        object_.text("kind", "gap");
        append_json_number(object_.key("from"), gap.from);
        append_json_number(object_.key("to"), gap.to);
        object_.text("why", gap.why);
        object_.time("at", gap.at);
        return true;
    }
    bool operator()(ProjectMetrics const&) { return false; }
    bool operator()(HubProblem const&) { return false; }
    bool operator()(ConfigReloaded const&) { return false; }

private:
    void about(ServiceId id, std::string_view project, std::string_view name) {
        object_.number("serviceId", id.value);
        object_.text("project", project);
        object_.text("service", name);
    }

    JsonObject& object_;
};

bool read_number(std::string_view text, std::uint64_t& value) {
    auto const* const end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stopped == end && !text.empty();
}

}  // namespace

std::string position_text(Position position) {
    return std::to_string(position.epoch) + ":" + std::to_string(position.seq);
}

std::optional<Position> parse_position(std::string_view text) {
    auto const colon = text.find(':');
    Position position;
    if (colon == std::string_view::npos || !read_number(text.substr(0, colon), position.epoch) ||
        !read_number(text.substr(colon + 1), position.seq) || position.seq == 0) {
        return std::nullopt;
    }
    return position;
}

bool append_feed_record(std::string& out, Record const& record) {
    auto const before = out.size();
    JsonObject object(out);
    append_json_number(object.key("epoch"), record.position.epoch);
    append_json_number(object.key("seq"), record.position.seq);
    bool const shown = std::visit(FeedRecordWriter(object), record.body);
    if (!shown) {
        out.resize(before);
        return false;
    }
    object.close();
    return true;
}

void append_feed_snapshot(std::string& out, FeedSnapshot const& snapshot) {
    JsonObject object(out);
    append_json_list(
        object.key("projects"), snapshot.projects,
        [](std::string& to, auto const& project) { append_feed_project(to, *project); });
    append_json_list(object.key("services"), snapshot.services,
                     [](std::string& to, FeedSnapshot::Member const& member) {
                         append_service(to, *member.service, member.view ? &*member.view : nullptr);
                     });
    append_json_list(object.key("maintenance"), snapshot.windows, append_window);
    object.close();
}

}  // namespace muster
