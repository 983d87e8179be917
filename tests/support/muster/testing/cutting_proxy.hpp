#pragma once

#include <atomic>
#include <string>
#include <thread>

#include <muster/testing/target_server.hpp>

namespace muster::testing {

/// Carries bytes between clients and a server, as they are, until it is told to cut connections in
/// mid-sentence.
class CuttingProxy {
public:
    explicit CuttingProxy(Place server);
    ~CuttingProxy();
    CuttingProxy(CuttingProxy const&) = delete;
    CuttingProxy& operator=(CuttingProxy const&) = delete;

    [[nodiscard]] Place const& place() const noexcept { return place_; }

    enum class Cut : std::uint8_t {
        never,
        before,  ///< What the client says with the word in it is not passed on.
        after,   ///< It is, and the first answer to it is not.
    };
    /// The next connection whose client says `word` is cut; then none.
    void cut_at(Cut cut) { cut_ = cut; }
    static constexpr char const* kWord = "COMMIT";

    [[nodiscard]] int cuts() const noexcept { return cuts_; }

private:
    void serve();

    Place const server_;
    Place place_;
    int listener_{-1};
    int stop_[2]{-1, -1};  // a pipe
    std::atomic<Cut> cut_{Cut::never};
    std::atomic<int> cuts_{0};
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace muster::testing
