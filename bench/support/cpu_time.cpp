#include <support/cpu_time.hpp>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace muster::bench {
namespace {

double seconds_of(clockid_t clock) {
    timespec time{};
    if (::clock_gettime(clock, &time) != 0) {
        throw std::runtime_error("cannot read a clock: has the process ended?");
    }
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace

double cpu_seconds_of_thread() {
    return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}

double cpu_seconds_of_process() {
    return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

double cpu_seconds_of(pid_t process) {
    clockid_t clock{};
    if (::clock_getcpuclockid(process, &clock) != 0) {
        throw std::runtime_error("a process that is measured has ended");
    }
    return seconds_of(clock);
}

std::map<std::string, double> cpu_seconds_by_thread(pid_t process) {
    std::map<std::string, double> seconds;
    std::filesystem::path const threads("/proc/" + std::to_string(process) + "/task");
    for (auto const& thread : std::filesystem::directory_iterator(threads)) {
        std::string name;
        double nanoseconds = 0;
        std::getline(std::ifstream(thread.path() / "comm"), name);
        std::ifstream(thread.path() / "schedstat") >>
            nanoseconds;  // on a processor, its first word
        seconds[name] += nanoseconds * 1e-9;
    }
    return seconds;
}

double steady_seconds() {
    return seconds_of(CLOCK_MONOTONIC);
}

void wait_seconds(double seconds) {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

}  // namespace muster::bench
