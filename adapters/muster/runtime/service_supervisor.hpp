#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/timers.hpp>

namespace muster {

/// How the service manager wants to hear from this process (sd_notify(3), sd_watchdog_enabled(3)).
struct Supervision {
    std::string socket;               ///< A path, or `@` and an abstract name; empty: none listens.
    std::optional<Micros> life_sign;  ///< Without a sign for so long the process is killed.
};

/// The variables that it sets; empty: not set.
struct SupervisionVariables {
    std::string_view notify_socket;  ///< NOTIFY_SOCKET
    std::string_view watchdog_usec;  ///< WATCHDOG_USEC, in microseconds
    std::string_view watchdog_pid;   ///< WATCHDOG_PID: the process that WATCHDOG_USEC is meant for
};

/// What they say to the process `own`. Errors: Errc::invalid names the variable.
[[nodiscard]] Result<Supervision> read_supervision(SupervisionVariables const& variables,
                                                   std::int64_t own);

/// The same of this process and its environment. There the variables stay: children are not
/// listened to (NotifyAccess=main).
[[nodiscard]] Result<Supervision> supervision_of_environment();

/// Tells the service manager where the program stands. Loop thread only. With no manager every call
/// does nothing and succeeds. Nothing blocks: a manager that does not take a notice is an error.
/// Errors: Errc::unavailable, Errc::invalid (the socket's name does not fit).
class ServiceSupervisor {
public:
    /// The loop behind `timers` is what is watched: signs of life come from it alone.
    ServiceSupervisor(Supervision supervision, Timers& timers, Clock const& clock);
    ~ServiceSupervisor();
    ServiceSupervisor(ServiceSupervisor const&) = delete;
    ServiceSupervisor& operator=(ServiceSupervisor const&) = delete;

    /// The program works; `status` is one line for people. Signs of life follow from here on, three
    /// in the time that the manager allows.
    [[nodiscard]] Result<void> ready(std::string const& status);

    /// The orderly stop has begun. Signs of life go on: a loop that hangs in it is found too.
    [[nodiscard]] Result<void> stopping();

private:
    void give_life_sign();

    Supervision const supervision_;
    Clock const& clock_;
    std::unique_ptr<Timer> next_sign_;  // last: it calls back
};

}  // namespace muster
