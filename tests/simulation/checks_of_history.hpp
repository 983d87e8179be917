#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include <muster/domain/record.hpp>

namespace muster::simulation {

/// Holds what ended up in the store against the promises of the hub, from the records alone and in
/// the plainest way. Gives what does not hold, at most a few dozen lines; empty: all is well.
///
/// - every record of the journal up to `last_seq` is there, once, in order;
/// - every status is what the outcomes say (a naive judge reads them from the first);
/// - every change has its transition, with its reason, and no transition is without a change;
/// - every regular check started in its service's phase, unless somebody depends on it;
/// - who needs what is down is unreachable, with a root cause that is down, and nobody else is;
/// - who changes too often flaps, and nobody else does;
/// - whom a window covers, and nobody else, is in maintenance;
/// - an outcome that is our own fault changed nothing.
///
/// `maintained`: whether a window covers a service at a time; edges are given a second.
[[nodiscard]] std::vector<std::string> check_history(
    std::span<Record const> stored, std::uint64_t last_seq, WallTime start,
    std::function<bool(ServiceSpec const&, WallTime)> const& maintained);

}  // namespace muster::simulation
