#include <cli/text/tone.hpp>

namespace muster {

std::string_view escape_of(Tone tone) noexcept {
    switch (tone) {
        case Tone::plain:
            return {};
        case Tone::good:
            return "\x1b[32m";
        case Tone::warning:
            return "\x1b[33m";
        case Tone::bad:
            return "\x1b[31m";
        case Tone::unknown:
            return "\x1b[35m";
        case Tone::quiet:
            return "\x1b[2m";
    }
    return {};
}

std::string_view plain_escape() noexcept {
    return "\x1b[0m";
}

Tone tone_of(HealthStatus status) noexcept {
    switch (status) {
        case HealthStatus::up:
            return Tone::good;
        case HealthStatus::degraded:
            return Tone::warning;
        case HealthStatus::down:
            return Tone::bad;
        case HealthStatus::unknown:
            return Tone::unknown;
    }
    return Tone::plain;
}

std::string toned(std::string_view text, Tone tone, bool colour) {
    if (!colour || tone == Tone::plain) {
        return std::string(text);
    }
    return std::string(escape_of(tone)).append(text).append(plain_escape());
}

}  // namespace muster
