#include <muster/runtime/process_memory.hpp>

#include <malloc.h>

namespace muster {

void share_one_heap() {
    ::mallopt(M_ARENA_MAX, 1);
}

}  // namespace muster
