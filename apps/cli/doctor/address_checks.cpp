#include <cli/doctor/address_checks.hpp>

#include <cerrno>
#include <memory>
#include <string>
#include <system_error>

#include <netdb.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cli/client/hub_client.hpp>
#include <muster/codec/hub_answers.hpp>

namespace muster {
namespace {

constexpr char const* kPart = "listen";
constexpr Millis kPatience{2'000};
/// Beside the probes: journal, store, API clients.
constexpr std::size_t kOtherDescriptors = 256;

/// The errno of trying to listen there, 0 where it went well.
int try_to_listen(HostPort const& place) {
    addrinfo wanted{};
    wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(place.host.c_str(), std::to_string(place.port).c_str(), &wanted, &found) !=
        0) {
        return EADDRNOTAVAIL;
    }
    std::unique_ptr<addrinfo, void (*)(addrinfo*)> const kept(found, ::freeaddrinfo);
    int const socket =
        ::socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC, found->ai_protocol);
    if (socket < 0) {
        return errno;
    }
    // As the hub does: what a former listener left behind does not count.
    int const one = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    bool const listens =
        ::bind(socket, found->ai_addr, found->ai_addrlen) == 0 && ::listen(socket, 1) == 0;
    int const error = listens ? 0 : errno;
    ::close(socket);
    return error;
}

/// Whether it is a hub that has the port.
bool hub_answers(HostPort const& place) {
    HubAddress address;
    address.url.scheme = "http";
    address.url.host = place.host == "0.0.0.0" ? "127.0.0.1"
                       : place.host == "::"    ? "::1"
                                               : place.host;
    address.url.port = place.port;
    address.url.target = "/";
    address.timeout = kPatience;
    auto const body = HubClient(address).get("/health");
    return body && read_health_answer(*body);
}

Diagnosis diagnosis_of(HostPort const& place) {
    auto const text = to_text(place);
    int const error = try_to_listen(place);
    if (error == 0) {
        return {kPart, Finding::ok, text + " is free", {}};
    }
    if (error == EADDRINUSE && hub_answers(place)) {
        return {kPart, Finding::ok, "a hub listens on " + text, {}};
    }
    auto const why = text + ": " + std::generic_category().message(error);
    if (error == EADDRINUSE) {
        return {kPart, Finding::failure, why + " by something that is no hub",
                "end that program (ss -ltnp shows it), or choose another port: PORT, --port or "
                "hub.listen"};
    }
    if (error == EACCES) {
        return {kPart, Finding::failure, why, "choose a port from 1024 on in hub.listen"};
    }
    return {kPart, Finding::failure, why, "choose an address of this machine in hub.listen"};
}

}  // namespace

void check_addresses(std::vector<HostPort> const& listen, Report const& report) {
    for (auto const& place : listen) {
        report(diagnosis_of(place));
    }
}

void check_descriptors(std::size_t in_flight, Report const& report) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        report({"descriptors", Finding::warning, "cannot tell the limit", {}});
        return;
    }
    auto const needed = in_flight + kOtherDescriptors;
    auto const what = std::to_string(limit.rlim_cur) + " allowed, " + std::to_string(needed) +
                      " needed for " + std::to_string(in_flight) + " probes in flight";
    if (limit.rlim_cur < needed) {
        report({"descriptors", Finding::warning, what,
                "raise it (ulimit -n " + std::to_string(needed) +
                    ", LimitNOFILE= of systemd), or lower limits.inFlight"});
    } else {
        report({"descriptors", Finding::ok, what, {}});
    }
}

}  // namespace muster
