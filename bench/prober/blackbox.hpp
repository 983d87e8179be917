#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <support/child.hpp>
#include <support/http_load.hpp>

namespace muster::bench {

/// Debian's blackbox_exporter as a child, asked for probes over kept connections.
class Blackbox {
public:
    /// One of the modules that its package configures the same: `http_2xx`, `tcp_connect`.
    Blackbox(std::string const& module, std::vector<std::string> const& targets);
    ~Blackbox();
    Blackbox(Blackbox const&) = delete;
    Blackbox& operator=(Blackbox const&) = delete;

    void probe(std::size_t count);
    [[nodiscard]] double cpu_seconds() const;

private:
    std::string folder_;
    std::unique_ptr<Child> child_;
    std::unique_ptr<HttpLoad> load_;
};

}  // namespace muster::bench
