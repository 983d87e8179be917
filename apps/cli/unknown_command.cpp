#include <cli/unknown_command.hpp>

#include <cstddef>

#include <muster/base/utf8.hpp>
#include <muster/config/nearest.hpp>

namespace muster {

std::string unknown_command(std::string_view program, std::string_view word,
                            std::span<std::string_view const> commands) {
    constexpr std::size_t kShownBytes = 60;
    auto text = std::string(program) + " has no command '" + clean_text(word, kShownBytes) + "': ";
    if (auto const meant = config::nearest(word, commands)) {
        return text + "did you mean '" + std::string(*meant) + "'?";
    }
    text += "it has ";
    for (auto const command : commands) {
        text += (command == commands.front() ? "" : ", ") + std::string(command);
    }
    return text + " (" + std::string(program) + " --help tells what they do)";
}

}  // namespace muster
