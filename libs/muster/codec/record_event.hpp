#pragma once

#include <optional>

#include <muster/domain/record.hpp>
#include <muster/ports/store.hpp>

namespace muster {

/// The row that a record makes in the list of events (contract, section 4), without an id; nothing
/// for most records. One place for all stores. `critical`: whether the service of a transition is.
[[nodiscard]] std::optional<EventRow> event_of(RecordBody const& body, bool critical);

}  // namespace muster
