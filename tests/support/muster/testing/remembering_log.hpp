#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <muster/ports/log.hpp>

namespace muster::testing {

/// Keeps what is said. One thread at a time.
class RememberingLog final : public Log {
public:
    struct Line {
        LogLevel level;
        std::string part;
        std::string message;
    };

    void write(LogLevel level, std::string_view part, std::string_view message) override {
        lines.push_back({level, std::string(part), std::string(message)});
    }

    [[nodiscard]] std::size_t count(std::string_view words) const {
        return static_cast<std::size_t>(std::count_if(
            lines.begin(), lines.end(),
            [words](Line const& line) { return line.message.find(words) != std::string::npos; }));
    }

    std::vector<Line> lines;
};

}  // namespace muster::testing
