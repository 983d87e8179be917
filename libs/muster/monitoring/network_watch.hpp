#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <muster/domain/outcome.hpp>

namespace muster {

/// Tells a network that this machine has lost from targets that are away: while checks of three
/// different hosts in a row, and none in between, reached nobody, what is not reached is our own
/// failure. One answer from anywhere, even a refusal, and the network is back. Loopback says
/// nothing and is not shown to it.
class NetworkWatch {
public:
    using Host = std::uint32_t;

    /// An outcome that was seen of a host. If it is to be put down to this machine, it is changed
    /// to one that does not count.
    void judge(Outcome& outcome, Host host, Millis timeout);

    /// The host is nobody's any more; its number may be given to another. What was seen of it
    /// stays.
    void forget(Host host) noexcept;

    [[nodiscard]] bool away() const noexcept { return unreached_ == hosts_.size(); }

private:
    static constexpr Host kNobody = static_cast<Host>(-1);

    std::array<Host, 3> hosts_{};  ///< Not reached since one last was.
    std::size_t unreached_{0};
};

}  // namespace muster
