#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include <sys/types.h>

namespace muster::bench {

/// A real `muster-hub` as a child, with a data directory that lives as long as this object. What
/// cannot be done throws std::runtime_error.
class HubProcess {
public:
    /// `program`: its path. `configuration`: the YAML but for `hub.listen`, which is a free port.
    HubProcess(std::string program, std::string configuration);
    ~HubProcess();
    HubProcess(HubProcess const&) = delete;
    HubProcess& operator=(HubProcess const&) = delete;

    void start();
    /// By SIGTERM, to its end.
    void stop();

    /// The body of an answer with 200; empty: another answer, or none.
    [[nodiscard]] std::string get(std::string const& path) const;

    /// User and system time that it has used so far, in seconds, to 10 ms.
    [[nodiscard]] double cpu_seconds() const;
    [[nodiscard]] std::size_t resident_bytes() const;

private:
    [[nodiscard]] std::string first_line() const;

    std::string program_;
    std::filesystem::path directory_;
    pid_t process_{-1};
    int output_{-1};
    std::uint16_t port_{0};
};

}  // namespace muster::bench
