#include <cli/demo_watch.hpp>

#include <cstdint>
#include <ostream>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace muster {

DemoWatch::DemoWatch(DemoProcesses const& demo, std::ostream& out)
    : out_(out), enough_(::eventfd(0, EFD_CLOEXEC)) {
    for (auto const& project : demo.projects()) {
        auto const descriptor = static_cast<int>(::syscall(SYS_pidfd_open, project.pid, 0));
        projects_.push_back({project.name, project.pid, descriptor});
    }
    thread_ = std::thread([this] { watch(); });
}

DemoWatch::~DemoWatch() {
    std::uint64_t const one = 1;
    [[maybe_unused]] auto const told = ::write(enough_, &one, sizeof one);
    thread_.join();
    for (auto const& project : projects_) {
        ::close(project.descriptor);
    }
    ::close(enough_);
}

void DemoWatch::watch() {
    std::vector<pollfd> waiting{{enough_, POLLIN, 0}};
    for (auto const& project : projects_) {
        waiting.push_back({project.descriptor, POLLIN, 0});
    }
    while (::poll(waiting.data(), waiting.size(), -1) >= 0 && waiting.front().revents == 0) {
        for (std::size_t index = 0; index < projects_.size(); ++index) {
            auto& entry = waiting[index + 1];
            if (entry.revents != 0) {
                entry.fd = -1;  // poll() leaves it out
                tell(projects_[index]);
            }
        }
    }
}

void DemoWatch::tell(Watched const& project) {
    siginfo_t how{};
    // Left to be waited for: its number must stay its own.
    bool const known =
        ::waitid(P_PID, static_cast<id_t>(project.pid), &how, WEXITED | WNOHANG | WNOWAIT) == 0;
    auto line = "demo: " + project.name + " has ended";
    if (known && how.si_code == CLD_EXITED) {
        line += " with exit code " + std::to_string(how.si_status);
    } else if (known) {
        line += " by signal " + std::to_string(how.si_status);
    }
    line += ": it is not started again, so its project goes down\n";
    out_ << line << std::flush;
}

}  // namespace muster
