#include <muster/api/live_conversation.hpp>

#include <memory>

namespace muster {

std::optional<ClientMessage::Kind> LiveConversation::hear(std::string_view text) {
    using Kind = ClientMessage::Kind;
    auto const message = decode_client_message(text);
    if (!message) {
        answer(error_frame(message.error().message), "error");
        return std::nullopt;
    }
    if (message->kind == Kind::ping) {
        answer(std::string(pong_frame()), "pong");
        return Kind::ping;
    }
    auto const done = message->kind == Kind::subscribe ? channels_.add(message->channels)
                                                       : channels_.remove(message->channels);
    if (!done) {
        answer(error_frame(done.error().message), "error");
        return std::nullopt;
    }
    answer(subscribed_frame(channels_.names()), "subscribed");
    return message->kind;
}

LiveFrame LiveConversation::take_reply() {
    auto reply = std::move(replies_.front());
    replies_.pop_front();
    return reply;
}

void LiveConversation::answer(std::string text, std::string_view type) {
    replies_.push_back({std::make_shared<std::string const>(std::move(text)), type});
}

}  // namespace muster
