#pragma once

#include <algorithm>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <muster/ports/log.hpp>

namespace muster::testing {

/// Keeps what is said, on whichever thread.
class SharedLog final : public Log {
public:
    void write(LogLevel /*level*/, std::string_view part, std::string_view message) override {
        std::lock_guard const lock(mutex_);
        lines_.push_back(std::string(part) + ": " + std::string(message));
    }

    [[nodiscard]] std::size_t count(std::string_view words) const {
        std::lock_guard const lock(mutex_);
        return static_cast<std::size_t>(std::count_if(
            lines_.begin(), lines_.end(),
            [words](std::string const& line) { return line.find(words) != std::string::npos; }));
    }

private:
    std::mutex mutable mutex_;
    std::vector<std::string> lines_;  // guarded by mutex_
};

}  // namespace muster::testing
