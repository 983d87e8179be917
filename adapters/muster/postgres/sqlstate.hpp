#pragma once

#include <string_view>

#include <muster/base/result.hpp>

namespace muster {

/// What an SQLSTATE asks the caller to do (PostgreSQL 15, appendix A).
[[nodiscard]] Errc errc_of_sqlstate(std::string_view state) noexcept;

/// Whether the session that said so is over: its transaction cannot go on, and if it was just
/// committing, nobody knows whether that happened. A standby's session is over too: another server
/// may take writes by now, and the standby itself takes them from sessions made since.
[[nodiscard]] bool ends_session(std::string_view state) noexcept;

}  // namespace muster
