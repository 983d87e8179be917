#pragma once

// Private to this library: what the payload of each kind of record is.

#include <bit>
#include <cstdint>

#include <muster/domain/record.hpp>
#include <muster/recording/domain_codec.hpp>
#include <muster/recording/journal_record.hpp>

namespace muster::compact {

/// A kind's payload: its newest version, writing, reading, and when what it tells happened. One
/// specialisation for each alternative of RecordBody.
template <class Body>
struct Payload;

/// A result's two bytes of small fields; their bits are stored.
enum ResultBits : unsigned {
    kVerdictShift = 0,  // 2 bits
    kWordShift = 2,     // 2 bits
    kReusedBit = 1U << 4U,
    kStatusShift = 5,         // 2 bits
    kAlwaysUpBit = 1U << 7U,  // uptime is 100 %
};
enum ResultFields : unsigned {  // bits 0-4: phases
    kErrorBit = 1U << 5U,
    kNoteBit = 1U << 6U,
    kHttpStatusBit = 1U << 7U,
};

/// What few results have, behind all else; a result without any of it ends before this byte.
enum ResultExtras : unsigned {
    kCertificateBit = 1U << 0U,
    kResumedBit = 1U << 1U,
    kEndpointsBit = 1U << 2U,
    kOwnFaultBit = 1U << 3U,
};

template <>
struct Payload<CheckResult> {
    static constexpr auto kKind = RecordKind::check_result;
    static constexpr std::uint8_t kVersion = 2;

    static void put(Writer& out, CheckResult const& result) {
        auto const& outcome = result.outcome;
        bool const always_up = std::bit_cast<std::uint64_t>(result.uptime_percent) ==
                               std::bit_cast<std::uint64_t>(100.0);
        out.signed_number(result.service.value);
        out.wall(result.started_at);
        out.signed_number(since(result.started_at, result.accepted_at));
        out.byte(static_cast<std::uint8_t>(
            static_cast<unsigned>(outcome.verdict) << kVerdictShift |
            static_cast<unsigned>(outcome.word) << kWordShift |
            (outcome.connection == ConnectionUse::reused ? kReusedBit : 0U) |
            static_cast<unsigned>(result.after.status) << kStatusShift |
            (always_up ? kAlwaysUpBit : 0U)));
        out.byte(static_cast<std::uint8_t>(phases_mask(outcome.phases) |
                                           (outcome.error.empty() ? 0U : kErrorBit) |
                                           (outcome.note.empty() ? 0U : kNoteBit) |
                                           (outcome.http_status == 0 ? 0U : kHttpStatusBit)));
        out.micros(outcome.response_time);
        put_phases(out, outcome.phases);
        out.unsigned_number(result.after.failures);
        out.unsigned_number(result.after.passes);
        if (outcome.http_status != 0) {
            out.unsigned_number(outcome.http_status);
        }
        if (!outcome.error.empty()) {
            out.text(outcome.error, kMaxOutcomeText);
        }
        if (!outcome.note.empty()) {
            out.text(outcome.note, kMaxOutcomeText);
        }
        if (!always_up) {
            out.real(result.uptime_percent);
        }
        put_extras(out, outcome);
    }

    static CheckResult get(Reader& in, Versions&) {
        CheckResult result;
        auto& outcome = result.outcome;
        result.service.value = in.signed_number();
        result.started_at = in.wall();
        result.accepted_at = later(result.started_at, in.signed_number());
        unsigned const bits = in.byte();
        unsigned const fields = in.byte();
        outcome.verdict = in.symbol_of<Verdict>((bits >> kVerdictShift) & 3U);
        outcome.word = in.symbol_of<BodyWord>((bits >> kWordShift) & 3U);
        outcome.connection =
            (bits & kReusedBit) != 0 ? ConnectionUse::reused : ConnectionUse::fresh;
        outcome.response_time = in.micros();
        outcome.phases = get_phases(in, fields & 0x1fU);
        result.after.status = in.symbol_of<HealthStatus>((bits >> kStatusShift) & 3U);
        result.after.failures = in.narrow<std::uint32_t>();
        result.after.passes = in.narrow<std::uint32_t>();
        outcome.http_status =
            (fields & kHttpStatusBit) != 0 ? in.narrow<std::uint16_t>() : std::uint16_t{0};
        if ((fields & kErrorBit) != 0) {
            outcome.error = in.text();
        }
        if ((fields & kNoteBit) != 0) {
            outcome.note = in.text();
        }
        result.uptime_percent = (bits & kAlwaysUpBit) != 0 ? 100.0 : in.real();
        if (in.left() > 0) {
            get_extras(in, outcome);
        }
        return result;
    }

    static WallTime time(CheckResult const& result) { return result.accepted_at; }

private:
    static void put_extras(Writer& out, Outcome const& outcome) {
        unsigned const extras = (outcome.certificate_expires ? kCertificateBit : 0U) |
                                (outcome.tls_resumed ? kResumedBit : 0U) |
                                (outcome.endpoints_total != 0 ? kEndpointsBit : 0U) |
                                (outcome.own_fault != OwnFault::none ? kOwnFaultBit : 0U);
        if (extras == 0) {
            return;
        }
        out.byte(static_cast<std::uint8_t>(extras));
        if (outcome.certificate_expires) {
            out.wall(*outcome.certificate_expires);
        }
        if (outcome.endpoints_total != 0) {
            out.unsigned_number(outcome.endpoints_healthy);
            out.unsigned_number(outcome.endpoints_total);
        }
        if (outcome.own_fault != OwnFault::none) {
            out.symbol(outcome.own_fault);
        }
    }
    static void get_extras(Reader& in, Outcome& outcome) {
        unsigned const extras = in.byte();
        if (extras == 0 ||
            extras > (kCertificateBit | kResumedBit | kEndpointsBit | kOwnFaultBit)) {
            in.fail();
            return;
        }
        outcome.tls_resumed = (extras & kResumedBit) != 0;
        if ((extras & kCertificateBit) != 0) {
            outcome.certificate_expires = in.wall();
        }
        if ((extras & kEndpointsBit) != 0) {
            outcome.endpoints_healthy = in.narrow<std::uint16_t>();
            outcome.endpoints_total = in.narrow<std::uint16_t>();
        }
        if ((extras & kOwnFaultBit) != 0) {
            outcome.own_fault = in.symbol<OwnFault>();
        }
    }

    // Wraps around instead of overflowing: any two times can be stored.
    static std::int64_t since(WallTime from, WallTime to) noexcept {
        return static_cast<std::int64_t>(
            static_cast<std::uint64_t>(to.time_since_epoch().count()) -
            static_cast<std::uint64_t>(from.time_since_epoch().count()));
    }
    static WallTime later(WallTime from, std::int64_t by) noexcept {
        return WallTime(Millis(
            static_cast<std::int64_t>(static_cast<std::uint64_t>(from.time_since_epoch().count()) +
                                      static_cast<std::uint64_t>(by))));
    }
};

template <>
struct Payload<Transition> {
    static constexpr auto kKind = RecordKind::transition;
    static constexpr std::uint8_t kVersion = 2;

    static void put(Writer& out, Transition const& transition) {
        out.signed_number(transition.service.value);
        out.text(transition.project);
        out.text(transition.name);
        out.symbol(transition.from);
        out.symbol(transition.to);
        out.wall(transition.at);
        compact::put(out, transition.reason);
    }
    static Transition get(Reader& in, Versions&) {
        Transition transition;
        transition.service.value = in.signed_number();
        transition.project = in.text();
        transition.name = in.text();
        transition.from = in.symbol<HealthStatus>();
        transition.to = in.symbol<HealthStatus>();
        transition.at = in.wall();
        transition.reason = get_reason(in);
        return transition;
    }
    static WallTime time(Transition const& transition) { return transition.at; }
};

template <>
struct Payload<ProjectMetrics> {
    static constexpr auto kKind = RecordKind::project_metrics;
    static constexpr std::uint8_t kVersion = 1;

    static void put(Writer& out, ProjectMetrics const& metrics) { compact::put(out, metrics); }
    static ProjectMetrics get(Reader& in, Versions&) { return get_metrics(in); }
    static WallTime time(ProjectMetrics const& metrics) { return metrics.at; }
};

template <>
struct Payload<ProjectChanged> {
    static constexpr auto kKind = RecordKind::project_changed;
    static constexpr std::uint8_t kVersion = 1;

    static void put(Writer& out, ProjectChanged const& change) {
        out.flag(change.added);
        compact::put(out, change.project);
    }
    static ProjectChanged get(Reader& in, Versions& versions) {
        ProjectChanged change;
        change.added = in.flag();
        change.project = get_project(in, versions);
        return change;
    }
    static WallTime time(ProjectChanged const& change) { return change.project.updated_at; }
};

template <>
struct Payload<ProjectRemoved> {
    static constexpr auto kKind = RecordKind::project_removed;
    static constexpr std::uint8_t kVersion = 1;

    static void put(Writer& out, ProjectRemoved const& removed) {
        out.signed_number(removed.id.value);
        out.text(removed.name);
        out.wall(removed.at);
    }
    static ProjectRemoved get(Reader& in, Versions&) {
        ProjectRemoved removed;
        removed.id.value = in.signed_number();
        removed.name = in.text();
        removed.at = in.wall();
        return removed;
    }
    static WallTime time(ProjectRemoved const& removed) { return removed.at; }
};

template <>
struct Payload<ServiceChanged> {
    static constexpr auto kKind = RecordKind::service_changed;
    static constexpr std::uint8_t kVersion = 1;

    static void put(Writer& out, ServiceChanged const& change) {
        out.flag(change.added);
        compact::put(out, change.service);
    }
    static ServiceChanged get(Reader& in, Versions& versions) {
        ServiceChanged change;
        change.added = in.flag();
        change.service = get_service(in, versions);
        return change;
    }
    static WallTime time(ServiceChanged const& change) { return change.service.updated_at; }
};

template <>
struct Payload<ServiceRemoved> {
    static constexpr auto kKind = RecordKind::service_removed;
    static constexpr std::uint8_t kVersion = 1;

    static void put(Writer& out, ServiceRemoved const& removed) {
        out.signed_number(removed.id.value);
        out.text(removed.project);
        out.text(removed.name);
        out.wall(removed.at);
    }
    static ServiceRemoved get(Reader& in, Versions&) {
        ServiceRemoved removed;
        removed.id.value = in.signed_number();
        removed.project = in.text();
        removed.name = in.text();
        removed.at = in.wall();
        return removed;
    }
    static WallTime time(ServiceRemoved const& removed) { return removed.at; }
};

template <>
struct Payload<HubStarted> {
    static constexpr auto kKind = RecordKind::hub_started;
    static constexpr std::uint8_t kVersion = 1;

    static void put(Writer& out, HubStarted const& started) {
        out.text(started.hub_id);
        out.text(started.version);
        out.wall(started.at);
    }
    static HubStarted get(Reader& in, Versions&) {
        HubStarted started;
        started.hub_id = in.text();
        started.version = in.text();
        started.at = in.wall();
        return started;
    }
    static WallTime time(HubStarted const& started) { return started.at; }
};

template <>
struct Payload<HubStopped> {
    static constexpr auto kKind = RecordKind::hub_stopped;
    static constexpr std::uint8_t kVersion = 1;

    static void put(Writer& out, HubStopped const& stopped) { out.wall(stopped.at); }
    static HubStopped get(Reader& in, Versions&) { return HubStopped{in.wall()}; }
    static WallTime time(HubStopped const& stopped) { return stopped.at; }
};

template <>
struct Payload<Gap> {
    static constexpr auto kKind = RecordKind::gap;
    static constexpr std::uint8_t kVersion = 1;

    static void put(Writer& out, Gap const& gap) {
        out.unsigned_number(gap.from);
        out.unsigned_number(gap.to);
        out.text(gap.follower);
        out.text(gap.why);
        out.wall(gap.at);
    }
    static Gap get(Reader& in, Versions&) {
        Gap gap;
        gap.from = in.unsigned_number();
        gap.to = in.unsigned_number();
        gap.follower = in.text();
        gap.why = in.text();
        gap.at = in.wall();
        return gap;
    }
    static WallTime time(Gap const& gap) { return gap.at; }
};

template <>
struct Payload<HubProblem> {
    static constexpr auto kKind = RecordKind::hub_problem;
    static constexpr std::uint8_t kVersion = 1;

    static void put(Writer& out, HubProblem const& problem) {
        out.text(problem.what);
        out.text(problem.description);
        out.flag(problem.over);
        out.wall(problem.at);
    }
    static HubProblem get(Reader& in, Versions&) {
        HubProblem problem;
        problem.what = in.text();
        problem.description = in.text();
        problem.over = in.flag();
        problem.at = in.wall();
        return problem;
    }
    static WallTime time(HubProblem const& problem) { return problem.at; }
};

template <>
struct Payload<OverlayChanged> {
    static constexpr auto kKind = RecordKind::overlay_changed;
    static constexpr std::uint8_t kVersion = 1;

    static void put(Writer& out, OverlayChanged const& changed) {
        out.signed_number(changed.service.value);
        out.text(changed.project);
        out.text(changed.name);
        out.symbol(changed.overlay);
        out.flag(changed.on);
        out.text(changed.why, kMaxOutcomeText);
        out.text(changed.root, kMaxOutcomeText);
        out.wall(changed.at);
    }
    static OverlayChanged get(Reader& in, Versions&) {
        OverlayChanged changed;
        changed.service.value = in.signed_number();
        changed.project = in.text();
        changed.name = in.text();
        changed.overlay = in.symbol<Overlay>();
        changed.on = in.flag();
        changed.why = in.text();
        changed.root = in.text();
        changed.at = in.wall();
        return changed;
    }
    static WallTime time(OverlayChanged const& changed) { return changed.at; }
};

template <>
struct Payload<MaintenanceChanged> {
    static constexpr auto kKind = RecordKind::maintenance_changed;
    static constexpr std::uint8_t kVersion = 1;

    static void put(Writer& out, MaintenanceChanged const& changed) {
        out.flag(changed.added);
        out.wall(changed.at);
        compact::put(out, changed.window);
    }
    static MaintenanceChanged get(Reader& in, Versions&) {
        MaintenanceChanged changed;
        changed.added = in.flag();
        changed.at = in.wall();
        changed.window = get_maintenance(in);
        return changed;
    }
    static WallTime time(MaintenanceChanged const& changed) { return changed.at; }
};

template <>
struct Payload<MaintenanceRemoved> {
    static constexpr auto kKind = RecordKind::maintenance_removed;
    static constexpr std::uint8_t kVersion = 1;

    static void put(Writer& out, MaintenanceRemoved const& removed) {
        out.signed_number(removed.id.value);
        out.wall(removed.at);
    }
    static MaintenanceRemoved get(Reader& in, Versions&) {
        MaintenanceRemoved removed;
        removed.id.value = in.signed_number();
        removed.at = in.wall();
        return removed;
    }
    static WallTime time(MaintenanceRemoved const& removed) { return removed.at; }
};

template <>
struct Payload<ConfigReloaded> {
    static constexpr auto kKind = RecordKind::config_reloaded;
    static constexpr std::uint8_t kVersion = 1;

    static void put(Writer& out, ConfigReloaded const& reloaded) {
        out.unsigned_number(reloaded.added);
        out.unsigned_number(reloaded.changed);
        out.unsigned_number(reloaded.removed);
        out.wall(reloaded.at);
    }
    static ConfigReloaded get(Reader& in, Versions&) {
        ConfigReloaded reloaded;
        reloaded.added = in.narrow<std::uint32_t>();
        reloaded.changed = in.narrow<std::uint32_t>();
        reloaded.removed = in.narrow<std::uint32_t>();
        reloaded.at = in.wall();
        return reloaded;
    }
    static WallTime time(ConfigReloaded const& reloaded) { return reloaded.at; }
};

}  // namespace muster::compact
