#pragma once

#include <string_view>

#include <muster/api/message.hpp>
#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/inspection.hpp>

namespace muster {

/// What a call of /probe asks for.
struct ProbeQuestion {
    InspectionSpec spec;
    bool debug{false};  ///< For people: with a report of what happened.
};

/// Reads `target`, `module` (http_2xx where there is none), `hostname` and `debug=true` as
/// blackbox_exporter does: of one that is given twice the first counts, and others do not matter.
/// Errors: invalid, in its words where it has some.
[[nodiscard]] Result<ProbeQuestion> read_probe_question(Target const& target);

inline constexpr Millis kLongestProbe{119'500};

/// How long a probe may take by the header X-Prometheus-Scrape-Timeout-Seconds: half a second less
/// than Prometheus waits, at most kLongestProbe; that too where the header is empty or 0. Errors:
/// invalid, where it is no number from 0 on.
[[nodiscard]] Result<Millis> read_probe_timeout(std::string_view header);

}  // namespace muster
