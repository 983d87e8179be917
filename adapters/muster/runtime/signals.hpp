#pragma once

#include <memory>

#include <muster/base/unique_function.hpp>
#include <muster/runtime/loop.hpp>

namespace muster {

/// SIGINT and SIGTERM as calls on a loop. The first asks to stop; a second one ends the process at
/// once with 128 + its number. SIGHUP asks to reload; where nothing is to be reloaded it is left
/// alone. SIGPIPE is ignored from here on, in the whole process.
class Signals {
public:
    Signals(Loop& loop, UniqueFunction<void()> stop);
    Signals(Loop& loop, UniqueFunction<void()> stop, UniqueFunction<void()> reload);
    ~Signals();
    Signals(Signals const&) = delete;
    Signals& operator=(Signals const&) = delete;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;  // a wait on its way holds it weakly
};

/// SIGHUP waits from here on until Signals with a reload take it, and would end nothing meanwhile:
/// who changes a file while a program starts from it is heard. For the main thread, before it has
/// others, which inherit it.
void hold_reload_signal();

}  // namespace muster
