#include <muster/api/change_guard.hpp>

#include <algorithm>
#include <utility>

#include <muster/api/answers.hpp>
#include <muster/api/bearer.hpp>
#include <muster/api/query_reader.hpp>
#include <muster/base/ascii.hpp>
#include <muster/domain/address.hpp>

namespace muster {
namespace {

/// The host of a Host header, without port and brackets.
std::string host_of_header(std::string_view header) {
    auto host = header;
    if (!host.empty() && host.front() == '[') {
        host.remove_prefix(1);
        return in_lower_case(host.substr(0, host.find(']')));
    }
    return in_lower_case(host.substr(0, host.find(':')));
}

bool is_address(std::string_view host) {
    return parse_ipv4(host).has_value() || parse_ipv6(host).has_value();
}

bool is_json(std::string_view content_type) {
    return in_lower_case(trimmed(content_type.substr(0, content_type.find(';')))) ==
           "application/json";
}

}  // namespace

ChangeGuard::ChangeGuard(Options options)
    : token_(std::move(options.token)),
      origins_(std::move(options.origins)),
      probe_is_open_(options.probe_is_open) {
    for (auto const& host : options.hosts) {
        hosts_.push_back(in_lower_case(host));
    }
    for (auto const& endpoint : options.listen) {
        any_address_ = any_address_ || endpoint.host == "0.0.0.0" || endpoint.host == "::";
        hosts_.push_back(in_lower_case(endpoint.host));
    }
}

std::optional<Response> ChangeGuard::refuse(Request const& request, WallTime now) const {
    if (auto refused = refuse_caller(request, "changes are", now)) {
        return refused;
    }
    if (!is_json(request.content_type)) {
        return muster::refuse(415, "a changing call needs Content-Type: application/json", now);
    }
    return std::nullopt;
}

std::optional<Response> ChangeGuard::refuse_probe(Request const& request, WallTime now) const {
    if (!probe_is_open_) {
        if (auto refused =
                refuse_caller(request, "and with auth.probe: guarded, probes are", now)) {
            return refused;
        }
    } else if (!origins_.admits_change(request.origin, request.host)) {
        return muster::refuse(403, "a page of another site may not have anything probed", now);
    }
    // An image in a page is asked for without an Origin.
    if (!request.fetch_site.empty() && request.fetch_site != "same-origin" &&
        request.fetch_site != "none") {
        return muster::refuse(403, "a page of another site may not have anything probed", now);
    }
    return std::nullopt;
}

/// `what` begins `are taken from this machine only`.
std::optional<Response> ChangeGuard::refuse_caller(Request const& request, std::string_view what,
                                                   WallTime now) const {
    if (!token_.empty()) {
        if (auto const why = why_not_authorized(request, token_)) {
            return refuse_unauthorized(*why, now);
        }
    } else if (!request.from_loopback || request.forwarded) {
        return muster::refuse(403,
                              "without a token (auth.token, MUSTER_TOKEN) " + std::string(what) +
                                  " taken from this machine only, and not through a proxy",
                              now);
    }
    if (!is_ours(request.host)) {
        return muster::refuse(
            403, "Host " + in_quotes(request.host) + " is not ours: add it to hub.hosts", now);
    }
    if (!origins_.admits_change(request.origin, request.host)) {
        return muster::refuse(
            403, "Origin " + in_quotes(request.origin) + " is not listed in cors.origins", now);
    }
    return std::nullopt;
}

bool ChangeGuard::is_ours(std::string_view host_header) const {
    auto const host = host_of_header(host_header);
    // An address cannot be made to point elsewhere as a name can.
    return is_loopback(host) || (any_address_ && is_address(host)) ||
           std::find(hosts_.begin(), hosts_.end(), host) != hosts_.end();
}

}  // namespace muster
