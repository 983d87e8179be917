#pragma once

#include <span>
#include <string>

#include <muster/domain/outcome.hpp>

namespace muster {

/// What one URL of a probe of several gave.
struct EndpointOutcome {
    std::string name;  ///< For people: its path, and its host where they differ.
    Outcome outcome;
};

/// One outcome of several, at least one: all must pass. The first that failed decides, else the
/// first that was not counted, else the slowest: its status, phases, connection and texts are told,
/// an error behind its name. The response time is that of the slowest, the body's word the worst,
/// the certificate the one that expires first.
[[nodiscard]] Outcome outcome_of_many(std::span<EndpointOutcome const> endpoints);

}  // namespace muster
