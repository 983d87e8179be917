#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <muster/base/time.hpp>

namespace muster {

// The envelope of every answer under /api and /orchestrator (contract, section 4). It is written in
// two parts around the data, so that data that many answers share is never copied.

/// `{"success":true,"data":`
[[nodiscard]] std::string_view envelope_head() noexcept;

/// `,"timestamp":T}`
[[nodiscard]] std::string envelope_tail(WallTime now);

/// `,"total":N,"timestamp":T}`: goes with a list.
[[nodiscard]] std::string envelope_tail(std::uint64_t total, WallTime now);

/// `{"success":false,"error":…,"code":…,"timestamp":T}`. `message` must be valid UTF-8.
[[nodiscard]] std::string error_envelope(std::string_view message, std::string_view code,
                                         WallTime now);

/// GET /health: `{"status":"healthy","uptime":seconds,"timestamp":T}`.
[[nodiscard]] std::string health_json(Millis uptime, WallTime now);

/// GET /ready: `{"ready":true}`, or with an error `{"ready":false,"error":…}`.
[[nodiscard]] std::string ready_json(std::string_view error);

}  // namespace muster
