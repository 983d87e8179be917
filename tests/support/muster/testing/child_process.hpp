#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace muster::e2e {

/// A program run by a test: its output is read, it dies with the test, and it is reaped. Waiting
/// has a deadline of its own (20 s): a test that hangs says where.
class ChildProcess {
public:
    struct Options {
        std::map<std::string, std::string> environment;  ///< Nothing else is inherited but PATH.
        std::filesystem::path folder{"/"};
    };

    /// Standard output and standard error come through one pipe.
    ChildProcess(std::filesystem::path const& program, std::vector<std::string> const& arguments,
                 Options const& options);
    ~ChildProcess();
    ChildProcess(ChildProcess const&) = delete;
    ChildProcess& operator=(ChildProcess const&) = delete;

    /// Reads until a line holds `text` and gives that line; nothing when the output ended first.
    std::optional<std::string> wait_for_line(std::string const& text);

    /// Reads and throws away what is said for `millis`.
    void listen_for(int millis);

    void signal(int number) const;

    /// The exit code, or 128 + the signal that ended it; -1 if it did not end in time.
    int wait_for_end();

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

}  // namespace muster::e2e
