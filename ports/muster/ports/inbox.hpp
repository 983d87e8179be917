#pragma once

#include <muster/base/unique_function.hpp>

namespace muster {

/// The way into a loop from other threads.
class Inbox {
public:
    virtual ~Inbox() = default;

    /// Runs `function` on the loop, never inside this call; functions posted by one thread run in
    /// order. They must not throw. Any thread.
    virtual void post(UniqueFunction<void()> function) = 0;
};

}  // namespace muster
