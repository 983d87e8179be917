#include <muster/codec/record_event.hpp>

#include <cstdint>
#include <string>
#include <variant>

#include <muster/codec/json_text.hpp>
#include <muster/codec/record_json.hpp>

namespace muster {
namespace {

struct EventMaker {
    bool critical;

    std::optional<EventRow> operator()(Transition const& transition) const {
        EventRow row;
        row.project = transition.project;
        row.service = transition.name;
        row.type = EventType::status_changed;
        row.severity = severity_of(transition, critical);
        row.description = describe(transition);
        row.metadata_json = encode_reason(transition.reason);
        row.occurred_at = transition.at;
        return row;
    }

    std::optional<EventRow> operator()(ServiceChanged const& changed) const {
        if (!changed.added) {
            return std::nullopt;
        }
        auto const& spec = changed.service.spec;
        auto const every = format_duration(spec.policy.interval);
        EventRow row;
        row.project = spec.project;
        row.service = spec.name;
        row.type = EventType::service_registered;
        row.description = "registered: " + target_of(spec.probe) + " every " + every;
        JsonObject metadata(row.metadata_json);
        metadata.text("type", to_string(spec.type));
        metadata.text("probe", kind_of(spec.probe));
        metadata.text("target", target_of(spec.probe));
        metadata.text("interval", every);
        metadata.boolean("critical", spec.critical);
        metadata.text("owner", to_string(changed.service.owner));
        metadata.close();
        row.occurred_at = changed.service.updated_at;
        return row;
    }

    std::optional<EventRow> operator()(ServiceRemoved const& removed) const {
        EventRow row;
        row.project = removed.project;
        row.service = removed.name;
        row.type = EventType::service_deregistered;
        row.description = "deregistered";
        row.metadata_json = "{}";
        row.occurred_at = removed.at;
        return row;
    }

    std::optional<EventRow> operator()(Gap const& gap) const {
        EventRow row;
        row.type = EventType::hub_problem;
        row.severity = Severity::warning;
        row.description = "records " + std::to_string(gap.from) + " to " + std::to_string(gap.to) +
                          " were lost (" + gap.follower + "): " + gap.why;
        JsonObject metadata(row.metadata_json);
        metadata.text("what", "gap");
        metadata.number("from", static_cast<std::int64_t>(gap.from));
        metadata.number("to", static_cast<std::int64_t>(gap.to));
        metadata.text("follower", gap.follower);
        metadata.close();
        row.occurred_at = gap.at;
        return row;
    }

    std::optional<EventRow> operator()(HubProblem const& problem) const {
        EventRow row;
        row.type = EventType::hub_problem;
        row.severity = problem.over ? Severity::info : Severity::warning;
        row.description = problem.description;
        JsonObject metadata(row.metadata_json);
        metadata.text("what", problem.what);
        metadata.boolean("over", problem.over);
        metadata.close();
        row.occurred_at = problem.at;
        return row;
    }

    std::optional<EventRow> operator()(OverlayChanged const& changed) const {
        auto const overlay = std::string(to_string(changed.overlay));
        EventRow row;
        row.project = changed.project;
        row.service = changed.name;
        row.type = EventType::status_changed;
        bool const worth_a_look = changed.on && changed.overlay != Overlay::maintenance;
        row.severity = worth_a_look ? Severity::warning : Severity::info;
        row.description = (changed.on ? "" : "no longer ") + overlay +
                          (changed.why.empty() ? "" : ": " + changed.why);
        JsonObject metadata(row.metadata_json);
        metadata.text("overlay", overlay);
        metadata.boolean("on", changed.on);
        metadata.text("why", changed.why);
        if (!changed.root.empty()) {
            metadata.text("rootCause", changed.root);
        }
        metadata.close();
        row.occurred_at = changed.at;
        return row;
    }

    std::optional<EventRow> operator()(ConfigReloaded const& reloaded) const {
        EventRow row;
        row.type = EventType::config_reloaded;
        row.description = "configuration reloaded: " + std::to_string(reloaded.added) + " added, " +
                          std::to_string(reloaded.changed) + " changed, " +
                          std::to_string(reloaded.removed) + " removed";
        JsonObject metadata(row.metadata_json);
        metadata.number("added", static_cast<std::int64_t>(reloaded.added));
        metadata.number("changed", static_cast<std::int64_t>(reloaded.changed));
        metadata.number("removed", static_cast<std::int64_t>(reloaded.removed));
        metadata.close();
        row.occurred_at = reloaded.at;
        return row;
    }

    std::optional<EventRow> operator()(MaintenanceChanged const&) const { return std::nullopt; }
    std::optional<EventRow> operator()(MaintenanceRemoved const&) const { return std::nullopt; }
    std::optional<EventRow> operator()(CheckResult const&) const { return std::nullopt; }
    std::optional<EventRow> operator()(ProjectMetrics const&) const { return std::nullopt; }
    std::optional<EventRow> operator()(ProjectChanged const&) const { return std::nullopt; }
    std::optional<EventRow> operator()(ProjectRemoved const&) const { return std::nullopt; }
    std::optional<EventRow> operator()(HubStarted const&) const { return std::nullopt; }
    std::optional<EventRow> operator()(HubStopped const&) const { return std::nullopt; }
};

}  // namespace

std::optional<EventRow> event_of(RecordBody const& body, bool critical) {
    return std::visit(EventMaker{critical}, body);
}

}  // namespace muster
