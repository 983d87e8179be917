#pragma once

// Private to this library: domain values as stored fields, shared by journal records and the
// checkpoint. Project and Service carry a version of their own, so that a new field of theirs does
// not touch what holds them.

#include <cstdint>

#include <muster/domain/maintenance.hpp>
#include <muster/domain/metrics_sample.hpp>
#include <muster/domain/service.hpp>
#include <muster/domain/transition.hpp>
#include <muster/recording/compact.hpp>

namespace muster::compact {

/// The version byte of a value that is read; a newer one than ours makes `newer` true.
struct Versions {
    bool newer{false};

    [[nodiscard]] std::uint8_t read(Reader& in, std::uint8_t newest) noexcept {
        auto const version = in.byte();
        if (version == 0) {
            in.fail();
        } else if (version > newest) {
            newer = true;
            in.fail();
        }
        return version;
    }
};

void put(Writer& out, HealthState const& state);
[[nodiscard]] HealthState get_health_state(Reader& in);

/// Five bits: which phases happened. Their times follow where the mask was put.
[[nodiscard]] std::uint8_t phases_mask(Phases const& phases) noexcept;
void put_phases(Writer& out, Phases const& phases);
[[nodiscard]] Phases get_phases(Reader& in, std::uint8_t mask);

void put(Writer& out, DecidingResult const& result);
[[nodiscard]] DecidingResult get_deciding(Reader& in);

/// The last field of whatever holds it: what few reasons have stands at its end or not at all.
void put(Writer& out, Reason const& reason);
[[nodiscard]] Reason get_reason(Reader& in);

void put(Writer& out, ProjectMetrics const& metrics);
[[nodiscard]] ProjectMetrics get_metrics(Reader& in);

void put(Writer& out, Service const& service);
[[nodiscard]] Service get_service(Reader& in, Versions& versions);

/// Without `spec.services`.
void put(Writer& out, Project const& project);
[[nodiscard]] Project get_project(Reader& in, Versions& versions);

void put(Writer& out, Maintenance const& window);
[[nodiscard]] Maintenance get_maintenance(Reader& in);

}  // namespace muster::compact
