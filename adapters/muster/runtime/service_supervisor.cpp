#include <muster/runtime/service_supervisor.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <system_error>
#include <utility>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX asks for it

namespace muster {
namespace {

constexpr std::int64_t kSignsInTime = 3;
constexpr Micros kLongest = 1h;  // a sign too many does no harm

/// Empty where it is not set.
std::string_view variable(std::string_view name) {
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        std::string_view const text(*entry);
        if (text.size() > name.size() && text[name.size()] == '=' && text.starts_with(name)) {
            return text.substr(name.size() + 1);
        }
    }
    return {};
}

std::string reason(int error) {
    return std::generic_category().message(error);
}

Result<std::int64_t> positive(char const* name, std::string_view text) {
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number <= 0) {
        return failure(Errc::invalid,
                       std::string(name) + " is '" + std::string(text) + "', not a number above 0");
    }
    return number;
}

Result<sockaddr_un> address_of(std::string const& socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket.size() >= sizeof(address.sun_path)) {
        return failure(Errc::invalid, "NOTIFY_SOCKET is longer than a socket's name can be");
    }
    std::memcpy(address.sun_path, socket.data(), socket.size());
    if (socket.front() == '@') {
        address.sun_path[0] = '\0';
    }
    return address;
}

/// One datagram, at once or not at all.
Result<void> send(std::string const& socket, std::string const& text) {
    auto const address = address_of(socket);
    if (!address) {
        return tl::unexpected(address.error());
    }
    auto const descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return failure(Errc::unavailable, std::string("no socket: ") + reason(errno));
    }
    // An abstract name ends where the address ends, not at a NUL.
    auto const size = offsetof(sockaddr_un, sun_path) + socket.size();
    auto const sent =
        ::sendto(descriptor, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                 reinterpret_cast<sockaddr const*>(&*address), static_cast<socklen_t>(size));
    auto const error = errno;
    ::close(descriptor);
    if (sent < 0) {
        return failure(Errc::unavailable,
                       "the service manager at " + socket + " takes no notice: " + reason(error));
    }
    return {};
}

}  // namespace

Result<Supervision> read_supervision(SupervisionVariables const& variables, std::int64_t own) {
    Supervision supervision;
    supervision.socket = variables.notify_socket;
    if (supervision.socket.empty()) {
        return supervision;
    }
    if (supervision.socket.front() != '/' && supervision.socket.front() != '@') {
        return failure(Errc::invalid, "NOTIFY_SOCKET is '" + supervision.socket +
                                          "', neither a path from / nor an abstract name from @");
    }
    if (variables.watchdog_usec.empty()) {
        return supervision;
    }
    auto const microseconds = positive("WATCHDOG_USEC", variables.watchdog_usec);
    if (!microseconds) {
        return tl::unexpected(microseconds.error());
    }
    if (!variables.watchdog_pid.empty()) {
        auto const process = positive("WATCHDOG_PID", variables.watchdog_pid);
        if (!process) {
            return tl::unexpected(process.error());
        }
        if (*process != own) {
            return supervision;
        }
    }
    supervision.life_sign = std::min(Micros(*microseconds), kLongest);
    return supervision;
}

Result<Supervision> supervision_of_environment() {
    return read_supervision(
        {variable("NOTIFY_SOCKET"), variable("WATCHDOG_USEC"), variable("WATCHDOG_PID")},
        ::getpid());
}

ServiceSupervisor::ServiceSupervisor(Supervision supervision, Timers& timers, Clock const& clock)
    : supervision_(std::move(supervision)),
      clock_(clock),
      next_sign_(timers.make([this] { give_life_sign(); })) {}

ServiceSupervisor::~ServiceSupervisor() = default;

Result<void> ServiceSupervisor::ready(std::string const& status) {
    if (supervision_.socket.empty()) {
        return {};
    }
    if (supervision_.life_sign) {
        give_life_sign();
    }
    return send(supervision_.socket, "READY=1\nSTATUS=" + status);
}

Result<void> ServiceSupervisor::stopping() {
    return supervision_.socket.empty() ? Result<void>()
                                       : send(supervision_.socket, "STOPPING=1\nSTATUS=stopping");
}

/// One that is not taken is followed by two more before the manager loses its patience.
void ServiceSupervisor::give_life_sign() {
    static_cast<void>(send(supervision_.socket, "WATCHDOG=1"));
    next_sign_->arm(clock_.now().steady + *supervision_.life_sign / kSignsInTime);
}

}  // namespace muster
