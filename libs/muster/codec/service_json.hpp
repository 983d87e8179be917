#pragma once

#include <string>

#include <muster/codec/json_text.hpp>
#include <muster/domain/check_result.hpp>
#include <muster/domain/fleet_delta.hpp>
#include <muster/domain/maintenance.hpp>
#include <muster/domain/service.hpp>

namespace muster {

/// A service as the registry's calls show it (contract, section 4): what was said of it in the
/// configuration's words, all of it that defaults could fill in otherwise, and how it is. Secrets
/// (values of headers, request bodies, users and passwords, secret parameters, what a secret field
/// must be) are not shown: kSecretMask stands for them. EntryReader takes it back.
/// `view`: null before it is known how it is.
void append_service(std::string& out, Service const& service, ServiceView const* view);

/// What the last check that counted saw, into an open object: only what there is.
void append_seen(JsonObject& details, SeenDetails const& seen);

/// How a service is checked, in the configuration's shape without secrets.
void append_probe(std::string& out, ProbeSpec const& probe);

/// `{"id":…,"match":{…},"from"?,"until"?,"weekly"?,"why":…,"owner":…,"createdAt":…}`
void append_window(std::string& out, Maintenance const& window);

}  // namespace muster
