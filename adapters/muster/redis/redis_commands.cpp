#include <muster/redis/redis_commands.hpp>

#include <array>
#include <charconv>

namespace muster {
namespace {

void append_length(std::string& out, char kind, std::size_t length) {
    std::array<char, 24> digits{};
    auto const* const end = std::to_chars(digits.data(), digits.data() + digits.size(), length).ptr;
    out += kind;
    out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
    out += "\r\n";
}

}  // namespace

RedisCommands& RedisCommands::add(std::span<std::string_view const> words) {
    append_length(bytes_, '*', words.size());
    for (auto const word : words) {
        append_length(bytes_, '$', word.size());
        bytes_ += word;
        bytes_ += "\r\n";
    }
    ++count_;
    return *this;
}

RedisCommands& RedisCommands::add(RedisCommands const& others) {
    bytes_ += others.bytes_;
    count_ += others.count_;
    return *this;
}

}  // namespace muster
