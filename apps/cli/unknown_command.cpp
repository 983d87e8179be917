#include <cli/unknown_command.hpp>

#include <cstddef>

#include <muster/base/nearest.hpp>
#include <muster/base/utf8.hpp>

namespace muster {
namespace {

constexpr std::size_t kShownBytes = 60;

/// `a, b, c (muster --help tells what they do)`
std::string listed(std::string_view program, std::span<std::string_view const> words) {
    std::string text;
    for (auto const word : words) {
        text += (text.empty() ? "" : ", ") + std::string(word);
    }
    return text + " (" + std::string(program) + " --help tells what they do)";
}

std::string unknown(std::string_view program, std::string_view kind, std::string_view word,
                    std::span<std::string_view const> known) {
    auto const text = std::string(program) + " has no " + std::string(kind) + " '" +
                      clean_text(word, kShownBytes) + "': ";
    if (auto const meant = nearest(word, known)) {
        return text + "did you mean '" + std::string(*meant) + "'?";
    }
    return text + "it has " + listed(program, known);
}

}  // namespace

std::string unknown_command(std::string_view program, std::string_view word,
                            std::span<std::string_view const> commands) {
    if (word == "help") {
        return std::string(program) + " has no command 'help': " + std::string(program) +
               " --help tells what there is";
    }
    return unknown(program, "command", word, commands);
}

std::string unknown_option(std::string_view program, std::string_view word,
                           std::span<std::string_view const> options) {
    return unknown(program, "option", word, options);
}

std::string missing_command(std::string_view program, std::span<std::string_view const> commands) {
    return std::string(program) + " wants a command: one of " + listed(program, commands);
}

}  // namespace muster
