#pragma once

#include <string>

#include <muster/ports/store.hpp>

namespace muster {

/// A row of GET /api/history/{project} (contract, section 4): the status in a project's words,
/// `errorMessage` only where there is one.
void append_check_row(std::string& out, CheckRow const& row);

/// A bucket of GET /api/history/{project}: times in milliseconds, null where there was no check.
void append_bucket_row(std::string& out, BucketRow const& row);

/// A row of GET /api/events; `projectName` and `serviceName` are null where the event concerns
/// none.
void append_event_row(std::string& out, EventRow const& row);

}  // namespace muster
