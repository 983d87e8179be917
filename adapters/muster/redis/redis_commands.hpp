#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace muster {

/// Commands for a Redis, one behind the other as they go over the wire (RESP2: lists of texts).
class RedisCommands {
public:
    RedisCommands& add(std::initializer_list<std::string_view> words) {
        return add(std::span<std::string_view const>(words.begin(), words.size()));
    }
    RedisCommands& add(std::span<std::string_view const> words);
    /// All of `others` behind these.
    RedisCommands& add(RedisCommands const& others);

    [[nodiscard]] std::string const& bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }

private:
    std::string bytes_;
    std::size_t count_{0};
};

}  // namespace muster
