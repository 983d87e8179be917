#pragma once

#include <string>

#include <hub/edge_side.hpp>
#include <muster/config/model.hpp>
#include <muster/hub/hub.hpp>
#include <muster/runtime/process_log.hpp>

namespace muster {

// What the configuration says, in the words of those who are told.

[[nodiscard]] Scheduler::Limits limits_of(config::LimitSettings const& settings);
[[nodiscard]] Fleet::GroupCaps group_caps_of(config::LimitSettings const& settings);
[[nodiscard]] HubRetention retention_of(config::RetentionSettings const& settings);
[[nodiscard]] EdgeSide::Options edge_options(config::Configuration const& configuration);
/// All but the seed, which is not configured.
[[nodiscard]] HubOptions hub_options(config::Configuration const& configuration,
                                     std::string version);
[[nodiscard]] ProcessLog::Options log_options(config::LoggingSettings const& logging);

}  // namespace muster
