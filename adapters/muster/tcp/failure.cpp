#include <muster/tcp/failure.hpp>

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include <muster/base/utf8.hpp>

namespace muster {
namespace {

constexpr std::size_t kMaxName = 255;  ///< RFC 1035 section 2.3.4.

Failure ours(OwnFault own, std::string_view text) {
    return {Failure::Kind::ours, fmt::format("{} (not counted)", text), own};
}

}  // namespace

void put_failure(Outcome& outcome, Failure const& failure) {
    outcome.verdict = verdict_of(failure);
    outcome.error = failure.text;
    outcome.own_fault = failure.own;
}

Failure connect_failure(int error) {
    switch (error) {
        case ECONNREFUSED:
            return {Failure::Kind::target, "connection refused"};
        case ECONNRESET:
        case ECONNABORTED:
            return {Failure::Kind::target, "connection reset"};
        case EHOSTUNREACH:
        case EHOSTDOWN:
            return {Failure::Kind::target, "host unreachable", OwnFault::network};
        case ETIMEDOUT:
            return {Failure::Kind::target, "no answer to connect", OwnFault::network};
        case EMFILE:
        case ENFILE:
            return ours(OwnFault::descriptors, "this machine has no descriptors left");
        case ENOBUFS:
        case ENOMEM:
            return ours(OwnFault::descriptors, "this machine has no memory left for sockets");
        case EADDRNOTAVAIL:
        case EAGAIN:
            return ours(OwnFault::network, "this machine has no local port left");
        case ENETUNREACH:
        case ENETDOWN:
            return ours(OwnFault::network, "this machine has no route to the target's network");
        case EAFNOSUPPORT:
        case EPROTONOSUPPORT:
            return ours(OwnFault::other, "this machine does not speak the target's address family");
        case EACCES:
        case EPERM:
            return ours(OwnFault::other, "this machine does not permit the connection");
        default:
            return {Failure::Kind::target,
                    fmt::format("connecting failed: {}", std::generic_category().message(error))};
    }
}

Failure reset_failure(int error, std::uint64_t bytes) {
    if (error == ENOMEM || error == ENOBUFS) {
        return ours(OwnFault::descriptors, "this machine has no memory left for sockets");
    }
    if (error == ETIMEDOUT || error == EHOSTUNREACH) {
        return {Failure::Kind::target, fmt::format("connection lost after {} bytes", bytes)};
    }
    return {Failure::Kind::target, fmt::format("connection reset after {} bytes", bytes)};
}

Failure closed_failure(std::uint64_t bytes) {
    return {Failure::Kind::target, fmt::format("connection closed after {} bytes", bytes)};
}

Failure timeout_failure(Millis timeout) {
    return {Failure::Kind::timed_out, fmt::format("timed out after {} ms", timeout.count())};
}

Failure resolver_timeout_failure(Millis timeout) {
    return {Failure::Kind::ours,
            fmt::format("the name service did not answer within {} ms", timeout.count()),
            OwnFault::resolver};
}

Failure name_failure(std::string_view host) {
    return {Failure::Kind::target, fmt::format("name not found: {}", clean_text(host, kMaxName))};
}

Failure no_address_failure(std::string_view host) {
    return {Failure::Kind::target,
            fmt::format("name has no address: {}", clean_text(host, kMaxName))};
}

std::string stale_name_note(Millis age) {
    return fmt::format("name from a stale answer, {} s old",
                       std::chrono::duration_cast<std::chrono::seconds>(age).count());
}

Failure family_failure(std::string_view host, IpFamily ip) {
    return {Failure::Kind::target,
            fmt::format("{} has no {} address", clean_text(host, kMaxName), name_of(ip))};
}

Failure family_unknown_failure(std::string_view host, IpFamily ip) {
    return ours(OwnFault::resolver,
                fmt::format("the name servers of this machine do not tell {} addresses of {}",
                            name_of(ip), clean_text(host, kMaxName)));
}

std::string_view name_of(IpFamily ip) noexcept {
    switch (ip) {
        case IpFamily::any:
            break;
        case IpFamily::v4:
            return "IPv4";
        case IpFamily::v6:
            return "IPv6";
    }
    return "IP";
}

bool is_out_of_descriptors(int error) noexcept {
    return error == EMFILE || error == ENFILE;
}

}  // namespace muster
