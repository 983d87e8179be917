#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace muster::bench {

/// A program that runs as a child and dies with us. What cannot be done throws std::runtime_error.
class Child {
public:
    /// `command`: the program, looked for in PATH, and its arguments. `variables` are set beside
    /// those of this process. Its standard output is read here; standard error is `errors`, a file,
    /// or ours where that is empty.
    explicit Child(std::vector<std::string> const& command,
                   std::map<std::string, std::string> const& variables = {},
                   std::string const& errors = {});
    ~Child();
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;

    [[nodiscard]] pid_t process() const noexcept { return process_; }

    /// Without its end; what there is where the output ends before.
    [[nodiscard]] std::string read_line();
    [[nodiscard]] std::string read_to_end();

    /// Sends the signal and waits for the end; its exit code, 128 and the signal that ended it.
    int end(int signal);
    int wait();

private:
    pid_t process_{-1};
    int output_{-1};
};

/// A port of 127.0.0.1 that nobody listens on at the moment.
[[nodiscard]] std::uint16_t free_port();

/// Until somebody listens there, at most 10 s.
void wait_for_port(std::uint16_t port);

}  // namespace muster::bench
