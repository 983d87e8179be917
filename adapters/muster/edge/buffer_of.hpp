#pragma once

#include <string_view>

#include <boost/asio/buffer.hpp>

namespace muster {

/// Bytes to send; they must stay where they are until they are sent.
inline boost::asio::const_buffer buffer_of(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

}  // namespace muster
