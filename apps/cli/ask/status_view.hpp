#pragma once

#include <string>
#include <vector>

#include <muster/codec/hub_answers.hpp>

namespace muster {

/// What a hub knows at one moment.
struct StatusPicture {
    std::vector<ProjectView> projects;
    std::vector<AnsweredService> services;
    WallTime at{};  ///< By the hub's clock.
};

/// Each project above its services, and what it comes to:
///   PROJECT  SERVICE  STATUS   UPTIME  COVERAGE   TIME  CHECKED  NOTES
///   shop              healthy  99.98%      100%  12 ms  2s ago
///            app      up       99.98%      100%  12 ms  2s ago
///
///   1 project: 1 healthy
[[nodiscard]] std::string status_text(StatusPicture const& picture, bool colour);

/// The exit code that the worst project asks for.
[[nodiscard]] int status_exit_code(StatusPicture const& picture) noexcept;

}  // namespace muster
