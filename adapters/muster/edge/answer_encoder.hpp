#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include <muster/api/message.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/ports/lane.hpp>

namespace muster {

/// What an AnswerEncoder counts.
struct EncodeCounters {
    std::uint64_t packed{0};      ///< Answers sent in gzip.
    std::uint64_t left_plain{0};  ///< That went out plain since too much waited for the lane.
};

/// Puts answers into gzip on a lane, so that a long one holds up nobody. What waits for the lane is
/// bounded by the lane in number and here in bytes; beyond either an answer goes out plain. Loop
/// thread only.
class AnswerEncoder {
public:
    /// `lane` null: nothing is encoded. `most_bytes`: of plain bodies that are with the lane at one
    /// time. Lane and counters must outlive it, and it every `done` that is not yet gone.
    AnswerEncoder(Lane* lane, std::size_t most_bytes, EncodeCounters& counters)
        : lane_(lane), most_bytes_(most_bytes), counters_(counters) {}
    AnswerEncoder(AnswerEncoder const&) = delete;
    AnswerEncoder& operator=(AnswerEncoder const&) = delete;

    using Done = UniqueFunction<void(Response)>;

    /// `done` gets the answer as it goes out, once: inside the call where nothing is to be encoded
    /// or the lane has no room. It never runs when the lane ends before.
    void encode(Response response, bool wanted, Done done);

private:
    struct Errand;

    [[nodiscard]] bool fits(std::size_t bytes) const noexcept;
    void encoded(Errand& errand);
    void send_packed(Response& response, SharedText packed);

    Lane* const lane_;
    std::size_t const most_bytes_;
    EncodeCounters& counters_;
    std::size_t bytes_{0};  ///< Of plain bodies with the lane.

    /// What became of the bodies that last, found by their address; the plain one is held, so that
    /// its address is nobody else's.
    struct Kept {
        SharedText plain;
        SharedText packed;
    };
    std::map<std::string const*, Kept> kept_;
};

}  // namespace muster
