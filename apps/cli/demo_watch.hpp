#pragma once

#include <iosfwd>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

#include <cli/demo_processes.hpp>

namespace muster {

/// Tells on a stream, a line each, of sample projects that end while this lives, from a thread of
/// its own. It only looks: they are ended and reaped by DemoProcesses.
class DemoWatch {
public:
    /// Both outlive it.
    DemoWatch(DemoProcesses const& demo, std::ostream& out);
    ~DemoWatch();
    DemoWatch(DemoWatch const&) = delete;
    DemoWatch& operator=(DemoWatch const&) = delete;

private:
    struct Watched {
        std::string name;
        pid_t pid;
        int descriptor;  ///< Of the process; readable once it has ended.
    };

    void watch();
    void tell(Watched const& project);

    std::ostream& out_;
    std::vector<Watched> projects_;
    int enough_;  ///< An eventfd.
    std::thread thread_;
};

}  // namespace muster
