#pragma once

#include <optional>
#include <string>
#include <vector>

#include <muster/base/id.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/availability.hpp>
#include <muster/domain/rollup.hpp>

namespace muster {

/// A time in which a service was down.
struct Incident {
    std::string service;
    WallTime from{};                ///< When it was found to be down.
    std::optional<WallTime> until;  ///< Nothing: it still is.
    std::string why;
};

/// What a service did in a span of time.
struct ServiceReport {
    ServiceId service;
    std::string name;
    bool critical{true};
    AvailabilityFigures availability;
    Millis down{0};
    Rollup seen;
};

/// A project in a span of time, for people who answer for it.
struct Report {
    std::string project;
    WallTime from{};
    WallTime until{};
    AvailabilityFigures availability;  ///< Of the deciding service that was available least.
    std::vector<ServiceReport> services;
    std::vector<Incident> incidents;  ///< Newest first.
    bool more_incidents{false};       ///< There may be older ones, not looked at.
};

/// `{"projectName","from","until","uptime","coverage","services":[{"id","name","critical","uptime",
/// "coverage","downMs","checks","avgMs","p50Ms","p95Ms","p99Ms","maxMs"}],"incidents":[{"service",
/// "from","until"|null,"durationMs"|null,"why"}],"moreIncidents"}`; times of checks are null where
/// there was none.
void append_report(std::string& out, Report const& report);

}  // namespace muster
