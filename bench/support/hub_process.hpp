#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include <support/child.hpp>

namespace muster::bench {

/// A real `muster-hub` as a child, with a data folder that lives as long as this object. What
/// cannot be done throws std::runtime_error.
class HubProcess {
public:
    /// `configuration`: the YAML but for `hub`: it listens on a free port and probes with `shards`.
    /// The program lies beside this one.
    explicit HubProcess(std::string const& configuration, std::size_t shards = 1);
    ~HubProcess();
    HubProcess(HubProcess const&) = delete;
    HubProcess& operator=(HubProcess const&) = delete;

    /// From the next start on.
    void configure(std::string const& configuration) const;

    void start();
    /// By SIGTERM, to its end.
    void stop();

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    /// The body of an answer with 200; empty: another answer, or none.
    [[nodiscard]] std::string get(std::string const& path) const;

    /// Until a path is answered with 200 by something that contains `text`, at most 5 minutes.
    void wait_for(std::string const& path, std::string const& text = {}) const;

    /// User and system time that it has used so far, in seconds.
    [[nodiscard]] double cpu_seconds() const;
    [[nodiscard]] std::map<std::string, double> cpu_seconds_by_thread() const;
    [[nodiscard]] std::size_t resident_bytes() const;

private:
    /// The beginning of what it said.
    [[nodiscard]] std::string log() const;

    std::size_t const shards_;
    std::filesystem::path directory_;
    std::optional<Child> child_;
    std::uint16_t port_{0};
};

}  // namespace muster::bench
