#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace muster::e2e {

/// A network of the test's own (a network namespace with nothing but loopback) in which packets can
/// be made to vanish: no refusal, no reset. The thread that makes it, and every process that it
/// starts from then on, are in it; the thread is back where it was once this is gone.
class OwnNetwork {
public:
    OwnNetwork();
    ~OwnNetwork();
    OwnNetwork(OwnNetwork const&) = delete;
    OwnNetwork& operator=(OwnNetwork const&) = delete;

    /// Why there is none; nothing: there is one.
    [[nodiscard]] std::optional<std::string> const& missing() const noexcept { return missing_; }

    /// What goes to that TCP port, or comes from it, vanishes from now on.
    void swallow(std::uint16_t port) const;
    /// Everything arrives again.
    void let_through() const;

private:
    std::optional<std::string> missing_;
    int home_{-1};  ///< The namespace that the thread was in.
};

}  // namespace muster::e2e
