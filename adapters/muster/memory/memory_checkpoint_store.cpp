#include <muster/memory/memory_checkpoint_store.hpp>

#include <mutex>

#include <muster/memory/memory_disk_state.hpp>

namespace muster {

Result<std::optional<Bytes>> MemoryCheckpointStore::load() {
    std::scoped_lock const lock(state_->mutex);
    if (state_->read_error) {
        return tl::unexpected(*state_->read_error);
    }
    return state_->checkpoint;
}

Result<void> MemoryCheckpointStore::save(ByteView checkpoint) {
    std::scoped_lock const lock(state_->mutex);
    if (state_->write_error) {
        return tl::unexpected(*state_->write_error);
    }
    if (state_->sync_error) {
        return tl::unexpected(*state_->sync_error);
    }
    state_->checkpoint = Bytes(checkpoint.begin(), checkpoint.end());
    return {};
}

}  // namespace muster
