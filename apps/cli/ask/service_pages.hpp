#pragma once

#include <string>
#include <utility>
#include <vector>

#include <cli/client/hub_client.hpp>
#include <muster/codec/hub_answers.hpp>

namespace muster {

using CallQuery = std::vector<std::pair<std::string_view, std::string>>;

/// Every page of GET /api/services.
[[nodiscard]] Result<AnsweredList<AnsweredService>> all_services(HubClient const& hub,
                                                                 CallQuery const& filter);

/// The same as JSON: one array in one line.
[[nodiscard]] Result<std::string> all_services_json(HubClient const& hub, CallQuery const& filter);

}  // namespace muster
