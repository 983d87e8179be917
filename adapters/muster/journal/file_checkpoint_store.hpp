#pragma once

#include <filesystem>

#include <muster/ports/checkpoint_store.hpp>

namespace muster {

/// One file; a new checkpoint is written beside it, synced, renamed over it, and the folder synced.
/// The bytes are taken as they are: their own checksum tells damage (recording/checkpoint).
class FileCheckpointStore final : public CheckpointStore {
public:
    explicit FileCheckpointStore(std::filesystem::path file);

    [[nodiscard]] Result<std::optional<Bytes>> load() override;
    [[nodiscard]] Result<void> save(ByteView checkpoint) override;

private:
    std::filesystem::path const file_;
};

}  // namespace muster
