#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <muster/api/message.hpp>
#include <muster/base/result.hpp>
#include <muster/base/time.hpp>

namespace muster {

inline constexpr std::string_view kJson = "application/json; charset=utf-8";

/// 200, `data` (JSON) in the envelope.
[[nodiscard]] Response answer(std::string data, WallTime now);
[[nodiscard]] Response answer(SharedText data, WallTime now);

/// 200, a JSON array in the envelope with `total` beside it.
[[nodiscard]] Response answer_list(std::string data, std::uint64_t total, WallTime now);

/// A JSON document without the envelope.
[[nodiscard]] Response answer_plain(unsigned status, std::string json);

/// An error in the envelope. Its code is that of the contract for the status: 404 is `NOT_FOUND`.
[[nodiscard]] Response refuse(unsigned status, std::string_view message, WallTime now);

/// Of a call that takes no parameters: refuses those that there are; else nothing.
[[nodiscard]] std::optional<Response> refuse_parameters(Request const& request, WallTime now);

/// An error of ours as the answer it makes: invalid is 400, not_found 404, conflict 409, what may
/// work later 503 with Retry-After.
[[nodiscard]] Response refuse(Error const& error, WallTime now);

}  // namespace muster
