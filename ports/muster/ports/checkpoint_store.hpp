#pragma once

#include <optional>

#include <muster/base/bytes.hpp>
#include <muster/base/result.hpp>

namespace muster {

/// Keeps the newest checkpoint of a hub. Blocks; one thread at a time.
class CheckpointStore {
public:
    virtual ~CheckpointStore() = default;

    /// The newest whole checkpoint; nothing where there never was one.
    /// Errors: corrupt, unavailable.
    [[nodiscard]] virtual Result<std::optional<Bytes>> load() = 0;

    /// Replaces it; after a crash at any moment either the old or the new one is there, whole.
    /// Errors: full, unavailable; the old one then stays.
    [[nodiscard]] virtual Result<void> save(ByteView checkpoint) = 0;
};

}  // namespace muster
