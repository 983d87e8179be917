#pragma once

#include <map>
#include <string>
#include <string_view>

#include <muster/domain/record.hpp>

namespace muster {

/// Why a status changed, as events and bus documents carry it:
/// Phases are in milliseconds:
/// @code{.json}
/// {"cause":…,"count":…,"threshold":…,"responseTimeMs":…,"degradedAboveMs":…,"httpStatus"?,
///  "error"?,"phases":{"dns"?,"connect"?,"tls"?,"firstByte"?,"transfer"?},
///  "deciding":[{"at":…,"responseTimeMs":…,"error"?}]}
/// @endcode
[[nodiscard]] std::string encode_reason(Reason const& reason);

/// The document of channel `hub.ID.health.PROJECT.SERVICE` (contract, section 6).
/// `id` is `hub:epoch:seq`, the same however often the record is published.
[[nodiscard]] std::string encode_health_change(std::string_view hub_id, Position position,
                                               Transition const& transition);

/// What channel `hub.ID.service.registered` carries: the service object as append_service()
/// writes it of a service not yet checked, with `hubId` and `timestamp`.
[[nodiscard]] std::string encode_service_registered(std::string_view hub_id,
                                                    Service const& service);

/// What is left to say of a service on channel `hub.ID.service.deregistered`.
[[nodiscard]] std::string encode_service_deregistered(std::string_view hub_id,
                                                      ServiceRemoved const& removed);

/// `{"sendgrid_emails":450}`.
[[nodiscard]] std::string encode_api_usage(std::map<std::string, double> const& usage);

/// What a record says, for people who look at one that could not be stored. Any text in it may be
/// broken: it is cleaned.
[[nodiscard]] std::string encode_record(Record const& record);

}  // namespace muster
