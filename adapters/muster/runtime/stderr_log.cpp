#include <muster/runtime/stderr_log.hpp>

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace muster {
namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) noexcept {
    switch (level) {
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::warn:
            return spdlog::level::warn;
        case LogLevel::error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

/// In the words that the configuration takes.
std::string_view level_word(LogLevel level) noexcept {
    switch (level) {
        case LogLevel::debug:
            return "debug";
        case LogLevel::info:
            return "info";
        case LogLevel::warn:
            return "warn";
        case LogLevel::error:
            return "error";
    }
    return "error";
}

std::string json_escaped(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out;
    out.reserve(text.size() + 8);
    for (char const character : text) {
        auto const code = static_cast<unsigned char>(character);
        if (character == '"' || character == '\\') {
            out += '\\';
            out += character;
        } else if (code < 0x20) {
            out += "\\u00";
            out += kHex[code >> 4U];
            out += kHex[code & 0xfU];
        } else {
            out += character;
        }
    }
    return out;
}

}  // namespace

struct StderrLog::Impl {
    spdlog::logger logger{"muster", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
    LogFormat format{LogFormat::text};
};

StderrLog::StderrLog(LogLevel level, LogFormat format) : impl_(std::make_unique<Impl>()) {
    impl_->format = format;
    impl_->logger.set_level(spdlog_level(level));
    impl_->logger.set_pattern(format == LogFormat::json
                                  ? R"({"timestamp":"%Y-%m-%dT%H:%M:%S.%eZ",%v})"
                                  : "%Y-%m-%dT%H:%M:%S.%eZ %v",
                              spdlog::pattern_time_type::utc);
}

StderrLog::~StderrLog() = default;

void StderrLog::write(LogLevel level, std::string_view part, std::string_view message) {
    if (!impl_->logger.should_log(spdlog_level(level))) {
        return;
    }
    if (impl_->format == LogFormat::json) {
        impl_->logger.log(spdlog_level(level), R"("level":"{}","part":"{}","message":"{}")",
                          level_word(level), json_escaped(part), json_escaped(message));
    } else {
        impl_->logger.log(spdlog_level(level), "{:<5} {}: {}", level_word(level), part, message);
    }
}

}  // namespace muster
