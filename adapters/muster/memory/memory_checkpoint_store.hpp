#pragma once

#include <memory>

#include <muster/memory/memory_journal.hpp>
#include <muster/ports/checkpoint_store.hpp>

namespace muster {

/// Reference implementation of CheckpointStore: what is saved is durable at once, or not there.
class MemoryCheckpointStore final : public CheckpointStore {
public:
    explicit MemoryCheckpointStore(MemoryDisk& disk) : state_(disk.state_) {}

    [[nodiscard]] Result<std::optional<Bytes>> load() override;
    [[nodiscard]] Result<void> save(ByteView checkpoint) override;

private:
    std::shared_ptr<MemoryDisk::State> state_;
};

}  // namespace muster
