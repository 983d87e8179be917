#pragma once

#include <string>

#include <muster/codec/json_text.hpp>
#include <muster/domain/rollup.hpp>
#include <muster/ports/store.hpp>

namespace muster {

/// A row of GET /api/history/{project} (contract, section 4): the status in a project's words,
/// `errorMessage` only where there is one.
void append_check_row(std::string& out, CheckRow const& row);

/// `avgMs`, `p50Ms`, `p95Ms`, `p99Ms`, `maxMs` into an open object: null where there was no check,
/// or where a damaged distribution was left out.
void append_response_times(JsonObject& object, Rollup const& seen);

/// A bucket of GET /api/history/{project}: times in milliseconds, null where there was no check.
void append_bucket_row(std::string& out, BucketRow const& row);

/// A row of GET /api/events; `projectName` and `serviceName` are null where the event concerns
/// none.
void append_event_row(std::string& out, EventRow const& row);

}  // namespace muster
