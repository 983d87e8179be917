#pragma once

#include <map>
#include <string>

#include <sys/types.h>

namespace muster::bench {

/// CPU that has been used so far, user and system, in seconds.
[[nodiscard]] double cpu_seconds_of_thread();
[[nodiscard]] double cpu_seconds_of_process();
/// Of a child that still runs: all its threads, those that have ended too.
[[nodiscard]] double cpu_seconds_of(pid_t process);

/// By thread: those that live, by their names; those of one name together.
[[nodiscard]] std::map<std::string, double> cpu_seconds_by_thread(pid_t process);

/// Steady time in seconds, the same for all processes of this machine.
[[nodiscard]] double steady_seconds();

void wait_seconds(double seconds);

}  // namespace muster::bench
