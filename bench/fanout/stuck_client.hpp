#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace muster::bench {

/// A client of a live feed that never reads.
class StuckClient {
public:
    StuckClient(std::uint16_t port, std::string const& path);
    ~StuckClient();
    StuckClient(StuckClient const&) = delete;
    StuckClient& operator=(StuckClient const&) = delete;

    /// Bytes of kernel memory that the server's end of the connection takes, as ss(8) tells them.
    [[nodiscard]] std::size_t kernel_bytes() const;

private:
    std::uint16_t port_;
    int descriptor_;
};

}  // namespace muster::bench
