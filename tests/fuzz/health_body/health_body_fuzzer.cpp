// Whatever a health body holds: the opinion is the one that a whole document tree gives.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <muster/codec/health_body.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

/// The plain way. A document with a key twice is not compared: a tree keeps only one of them.
muster::BodyWord opinion_of(nlohmann::json const& document) {
    using muster::BodyWord;
    auto word = BodyWord::none;
    if (!document.is_object()) {
        return word;
    }
    if (auto const status = document.find("status");
        status != document.end() && status->is_string()) {
        auto text = status->get<std::string>();
        std::transform(text.begin(), text.end(), text.begin(), [](char character) {
            return character >= 'A' && character <= 'Z' ? static_cast<char>(character | 0x20)
                                                        : character;
        });
        constexpr std::array<std::string_view, 3> kDegraded{"warn", "warning", "degraded"};
        constexpr std::array<std::string_view, 7> kDown{
            "down", "fail", "failed", "error", "critical", "unhealthy", "out_of_service"};
        if (std::find(kDegraded.begin(), kDegraded.end(), text) != kDegraded.end()) {
            word = BodyWord::degraded;
        } else if (std::find(kDown.begin(), kDown.end(), text) != kDown.end()) {
            word = BodyWord::down;
        }
    }
    if (auto const running = document.find("isRunning");
        running != document.end() && *running == false) {
        word = BodyWord::down;
    }
    return word;
}

std::size_t count_of(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const opinion = muster::judge_health_body(text);
    bool const readable = nlohmann::json::accept(text);
    if (!readable) {
        require(opinion.word == muster::BodyWord::none);
        require(opinion.note.empty() ==
                (text.find_first_not_of(" \t\r\n") == std::string_view::npos));
        return 0;
    }
    if (!opinion.note.empty()) {
        require(std::count(text.begin(), text.end(), '[') +
                    std::count(text.begin(), text.end(), '{') >
                64);
        return 0;
    }
    bool const ambiguous = count_of(text, "status") > 1 || count_of(text, "isRunning") > 1 ||
                           text.find('\\') != std::string_view::npos;
    if (!ambiguous) {
        require(opinion.word == opinion_of(nlohmann::json::parse(text)));
    }
    return 0;
}
