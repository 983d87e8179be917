#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <support/child.hpp>

namespace muster::bench {

/// Debian's nginx as a child, one worker, serving given bytes as files.
class Nginx {
public:
    Nginx();
    ~Nginx();
    Nginx(Nginx const&) = delete;
    Nginx& operator=(Nginx const&) = delete;

    /// Gives the path it is served at.
    [[nodiscard]] std::string serve(std::string const& body);

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] double cpu_seconds() const;

private:
    std::string folder_;
    std::uint16_t port_;
    std::optional<Child> child_;
    int files_{0};
};

}  // namespace muster::bench
