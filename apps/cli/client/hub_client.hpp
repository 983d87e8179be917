#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <cli/client/hub_address.hpp>
#include <cli/client/interrupt.hpp>
#include <muster/base/result.hpp>

namespace muster {

enum class CallMethod : std::uint8_t { get, post, put, del };

struct HubCall {
    CallMethod method{CallMethod::get};
    std::string path;     ///< Behind the path of the hub's URL; with its query.
    std::string body{};   ///< JSON; of post and put.
    bool upgrade{false};  ///< Asks for a WebSocket; what comes behind a 101 is not read.
};

struct HubReply {
    int status{0};
    std::string body;
};

/// Asks one hub, call by call, each within the address's timeout as a whole. Blocks. Bodies above
/// kMaxBytes are refused. Names are looked up by the system's resolver, whose own patience holds
/// where it is longer. From the first one on, a pipe that is closed no longer ends the process.
class HubClient {
public:
    static constexpr std::size_t kMaxBytes = std::size_t{64} << 20U;

    /// `interrupt`, if any, ends a call under way and must outlive the client.
    explicit HubClient(HubAddress address, Interrupt const* interrupt = nullptr);

    /// Whatever status it was answered with. Errors, each saying what to do: unavailable (nobody
    /// answers, or not by HTTP; too many open files), timed_out, full (too long).
    [[nodiscard]] Result<HubReply> call(HubCall const& question) const;

    /// The body of an answer with a 2xx. Else: as above; what the hub says, with its code's Errc;
    /// corrupt where it is no hub that answers.
    [[nodiscard]] Result<std::string> ask(HubCall const& question) const;
    [[nodiscard]] Result<std::string> get(std::string path) const;

    [[nodiscard]] HubAddress const& address() const noexcept { return address_; }

private:
    HubAddress address_;
    Interrupt const* interrupt_;
};

/// What a reply says, or why it is none that can be used. `from` is the hub's URL.
[[nodiscard]] Result<std::string> accepted(HubReply reply, std::string_view from);

}  // namespace muster
