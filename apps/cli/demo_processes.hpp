#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include <muster/base/result.hpp>

namespace muster {

/// The three sample projects as child processes of `muster up --demo`. They end with this object,
/// and with this process however that ends. A project that dies meanwhile is not started again:
/// that is what the demo is to show (DemoWatch tells of it).
class DemoProcesses {
public:
    struct Project {
        std::string name;
        std::string url;
        pid_t pid{-1};  ///< Ours to wait for until stop(), however it ends.
    };

    /// Starts the demo programs that lie in `folder`, on `first_port` and the ones behind it (0:
    /// three free ports), and waits until each says that it listens. Errors: not_found (a program
    /// is missing), unavailable (it did not start; its own words are on stderr).
    [[nodiscard]] static Result<DemoProcesses> start(std::filesystem::path const& folder,
                                                     std::uint16_t first_port);

    DemoProcesses() = default;
    ~DemoProcesses();
    DemoProcesses(DemoProcesses&& other) noexcept;
    DemoProcesses& operator=(DemoProcesses&& other) noexcept;

    [[nodiscard]] std::vector<Project> const& projects() const noexcept { return projects_; }

    /// Asks all to end, ends those that do not within a second.
    void stop();

private:
    struct Child {
        pid_t pid{-1};
        int output{-1};  ///< Kept open: a child that speaks to nobody would die of it.
    };

    [[nodiscard]] static Result<Child> spawn(std::filesystem::path const& program,
                                             std::uint16_t port);
    [[nodiscard]] static Result<std::string> wait_until_it_listens(Child const& child,
                                                                   std::string_view name);

    std::vector<Project> projects_;
    std::vector<Child> children_;
};

}  // namespace muster
