#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include <muster/base/time.hpp>

namespace muster::testing {

/// A program run by a test: its output is read, it leads a process group of its own, dies with the
/// test however that ends, and is reaped. Waiting has a deadline: a test that hangs says where.
class ChildProcess {
public:
    static constexpr Millis kPatience{20'000};

    struct Options {
        std::map<std::string, std::string> environment;  ///< Nothing else is inherited but PATH.
        std::filesystem::path folder{"/"};
        bool unprivileged{false};  ///< Of root: run it as `nobody`.
    };

    /// Standard output and standard error come through one pipe. Throws std::runtime_error where
    /// the machine gives no process.
    ChildProcess(std::filesystem::path const& program, std::vector<std::string> const& arguments,
                 Options const& options);
    ~ChildProcess();  ///< Kills what is left of the group.
    ChildProcess(ChildProcess const&) = delete;
    ChildProcess& operator=(ChildProcess const&) = delete;

    /// Reads until a line holds `text` and gives that line; nothing when the output ended first.
    std::optional<std::string> wait_for_line(std::string const& text);

    /// Reads and throws away what is said for `millis`, or until it says nothing more.
    void listen_for(int millis);

    void signal(int number) const;

    /// The exit code, or 128 + the signal that ended it; -1 if it did not end in time.
    int wait_for_end(Millis patience = kPatience);

    [[nodiscard]] bool has_ended() { return wait_for_end(Millis(0)) >= 0; }

    [[nodiscard]] pid_t id() const noexcept { return pid_; }

    /// All that was read so far.
    [[nodiscard]] std::string const& output() const noexcept { return output_; }

private:
    bool read_some(int millis);

    pid_t pid_{-1};
    int pipe_{-1};
    std::optional<int> code_;
    std::string output_;
    std::size_t seen_{0};
};

/// A program by its name, in Debian's folders first and then in PATH. Throws std::runtime_error
/// where it is not installed.
[[nodiscard]] std::filesystem::path find_program(std::string const& name);

/// Makes `nobody` the owner, where we are root: what an unprivileged child may write to.
void give_to_nobody(std::filesystem::path const& path);

}  // namespace muster::testing
