#pragma once

#include <string>

#include <muster/codec/hub_answers.hpp>

namespace muster {

/// One line: `2026-…Z  critical  status_changed        shop/app: down after 4 failed checks: …`.
[[nodiscard]] std::string event_line(AnsweredEvent const& event, bool colour);

}  // namespace muster
