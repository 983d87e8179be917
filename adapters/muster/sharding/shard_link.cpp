#include <muster/sharding/shard_link.hpp>

namespace muster {

void ShardLink::tell(ShardFigures const& figures) {
    std::lock_guard const lock(mutex_);
    figures_ = figures;
}

ShardFigures ShardLink::figures() const {
    std::lock_guard const lock(mutex_);
    return figures_;
}

}  // namespace muster
