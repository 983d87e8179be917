#pragma once

#include <string>
#include <string_view>

#include <demo/chaos.hpp>
#include <demo/figures.hpp>
#include <demo/log.hpp>
#include <muster/base/result.hpp>
#include <muster/base/time.hpp>

namespace muster::demo {

[[nodiscard]] std::string health_json(Figures const& figures, WallTime now, bool running);
[[nodiscard]] std::string metrics_json(Figures const& figures);
[[nodiscard]] std::string status_json(Figures const& figures, WallTime now, bool running);
[[nodiscard]] std::string logs_json(LogPage const& page);
[[nodiscard]] std::string chaos_json(Chaos const& chaos);
[[nodiscard]] std::string about_json(Personality const& who);
[[nodiscard]] std::string error_json(std::string_view what);

/// Reads `{"mode":"slow","delayMs":1500,"forSeconds":30}`; `recover` is read as mode none.
/// Errors: Errc::invalid with a message that begins with the field at fault.
[[nodiscard]] Result<Chaos> parse_chaos(std::string_view body_text);

}  // namespace muster::demo
