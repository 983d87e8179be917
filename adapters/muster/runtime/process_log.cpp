#include <muster/runtime/process_log.hpp>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
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

/// A file of its own, opened for appending.
class AppendedFile {
public:
    AppendedFile() = default;
    explicit AppendedFile(int descriptor) noexcept : descriptor_(descriptor) {}
    ~AppendedFile() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    AppendedFile(AppendedFile&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)) {}
    AppendedFile& operator=(AppendedFile&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }

    [[nodiscard]] static Result<AppendedFile> open(std::string const& name) {
        constexpr int kMode = 0640;
        int const descriptor =
            ::open(name.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, kMode);
        if (descriptor < 0) {
            return failure(Errc::unavailable,
                           "cannot open the log file " + name + ": " + std::strerror(errno));
        }
        return AppendedFile(descriptor);
    }

    /// How much of the text was taken.
    [[nodiscard]] std::size_t write(std::string_view text) const noexcept {
        std::size_t taken = 0;
        while (taken < text.size()) {
            auto const count = ::write(descriptor_, text.data() + taken, text.size() - taken);
            if (count < 0 && errno == EINTR) {
                continue;
            }
            if (count <= 0) {
                break;
            }
            taken += static_cast<std::size_t>(count);
        }
        return taken;
    }

private:
    int descriptor_{-1};
};

class FileSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit FileSink(AppendedFile file) : file_(std::move(file)) {}

protected:
    void sink_it_(spdlog::details::log_msg const& message) override {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        std::string_view const text(line.data(), line.size());
        auto const taken = file_.write(text);
        if (taken < text.size()) {
            std::fwrite(text.data() + taken, 1, text.size() - taken, stderr);
        }
    }
    void flush_() override {}

private:
    AppendedFile file_;
};

/// What lines look like and where they go. Never changed once it is in use.
struct Output {
    Output(LogFormat line_format, spdlog::sink_ptr sink)
        : logger("muster", std::move(sink)), format(line_format) {
        logger.set_level(spdlog::level::trace);  // ProcessLog asks for the level itself
        logger.set_pattern(format == LogFormat::json ? R"({"timestamp":"%Y-%m-%dT%H:%M:%S.%eZ",%v})"
                                                     : "%Y-%m-%dT%H:%M:%S.%eZ %v",
                           spdlog::pattern_time_type::utc);
    }

    spdlog::logger logger;
    LogFormat format;
};

}  // namespace

struct ProcessLog::Impl {
    std::atomic<LogLevel> level{LogLevel::info};
    std::mutex mutex;  ///< Of `output` alone; lines are written outside of it.
    std::shared_ptr<Output> output{std::make_shared<Output>(
        LogFormat::text, std::make_shared<spdlog::sinks::stderr_sink_mt>())};

    std::shared_ptr<Output> current() {
        std::lock_guard const lock(mutex);
        return output;
    }
};

ProcessLog::ProcessLog() : impl_(std::make_unique<Impl>()) {}

ProcessLog::~ProcessLog() = default;

Result<void> ProcessLog::apply(Options const& options) {
    spdlog::sink_ptr sink;
    if (options.file.empty()) {
        sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    } else {
        auto file = AppendedFile::open(options.file);
        if (!file) {
            return tl::unexpected(std::move(file.error()));
        }
        sink = std::make_shared<FileSink>(std::move(*file));
    }
    auto output = std::make_shared<Output>(options.format, std::move(sink));
    {
        std::lock_guard const lock(impl_->mutex);
        impl_->output.swap(output);
    }
    impl_->level = options.level;
    return {};
}

void ProcessLog::write(LogLevel level, std::string_view part, std::string_view message) {
    if (level < impl_->level) {
        return;
    }
    auto const output = impl_->current();
    if (output->format == LogFormat::json) {
        output->logger.log(spdlog_level(level), R"("level":"{}","part":"{}","message":"{}")",
                           level_word(level), json_escaped(part), json_escaped(message));
    } else {
        output->logger.log(spdlog_level(level), "{:<5} {}: {}", level_word(level), part, message);
    }
}

}  // namespace muster
