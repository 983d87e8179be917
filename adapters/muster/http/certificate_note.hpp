#pragma once

#include <string>

#include <muster/base/time.hpp>

namespace muster {

/// Worth telling from here on.
inline constexpr std::chrono::days kCertificateSoon{14};

/// `certificate expires in 6 days`, of one that has less than kCertificateSoon left; `certificate
/// expired 2 days ago`, where nobody verified it. Empty: there is time.
[[nodiscard]] std::string certificate_note(WallTime expires, WallTime now);

}  // namespace muster
