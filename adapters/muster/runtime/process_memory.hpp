#pragma once

namespace muster {

/// All threads of the process allocate from one heap, so that what a lane frees another thread can
/// use: with a heap a thread, as glibc has it, what the largest batch of each took stays with its
/// thread. To be called first of all in main() (mallopt(3), M_ARENA_MAX).
void share_one_heap();

}  // namespace muster
