#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <muster/api/live.hpp>
#include <muster/api/live_channels.hpp>
#include <muster/codec/live_json.hpp>

namespace muster {

/// What one client asks a feed for, and what it is answered: the same on every feed (contract,
/// section 5). One answer a message, in their order.
class LiveConversation {
public:
    /// Answers that wait for a client; no message is read while there are so many.
    static constexpr std::size_t kMostReplies = 16;

    explicit LiveConversation(LiveChannels channels) : channels_(std::move(channels)) {}

    /// Takes a message. Gives what was done; nothing where an error is the answer.
    std::optional<ClientMessage::Kind> hear(std::string_view text);

    [[nodiscard]] bool takes_messages() const noexcept { return replies_.size() < kMostReplies; }
    [[nodiscard]] bool has_reply() const noexcept { return !replies_.empty(); }
    /// The oldest answer that waits.
    [[nodiscard]] LiveFrame take_reply();

    [[nodiscard]] LiveChannels const& channels() const noexcept { return channels_; }
    [[nodiscard]] LiveChannels& channels() noexcept { return channels_; }

private:
    void answer(std::string text, std::string_view type);

    LiveChannels channels_;
    std::deque<LiveFrame> replies_;
};

}  // namespace muster
