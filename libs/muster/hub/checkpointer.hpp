#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <muster/base/unique_function.hpp>
#include <muster/ports/checkpoint_store.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/lane.hpp>
#include <muster/ports/log.hpp>
#include <muster/ports/timers.hpp>
#include <muster/recording/checkpoint.hpp>
#include <muster/recording/recorder.hpp>

namespace muster {

/// Saves a checkpoint now and then. What it is valid as of is made durable in the journal first: a
/// checkpoint is never ahead of its journal, not even after a power loss. Loop thread only.
class Checkpointer {
public:
    using Take = std::function<Checkpoint()>;

    /// `take` gives the state as of the newest record. References must outlive it; `checkpoints` is
    /// called on `lane` only.
    Checkpointer(Recorder& recorder, CheckpointStore& checkpoints, Lane& lane, Clock const& clock,
                 Timers& timers, Log& log, Millis every, Take take);
    ~Checkpointer();
    Checkpointer(Checkpointer const&) = delete;
    Checkpointer& operator=(Checkpointer const&) = delete;

    /// Saves one `every` so long from now on.
    void start();

    /// Saves no more by itself.
    void stop();

    /// Saves one now, or as soon as the one under way is saved: who stops waits for the newest.
    /// `done` runs once, whether it worked or not. One may wait at a time.
    void save(UniqueFunction<void()> done);

    /// Called with the position of each checkpoint that was saved.
    void on_saved(UniqueFunction<void(std::uint64_t seq)> saved);

private:
    void save_taken(Checkpoint checkpoint, UniqueFunction<void()> done);
    void ended(UniqueFunction<void()>& done);

    Recorder& recorder_;
    CheckpointStore& checkpoints_;
    Lane& lane_;
    Clock const& clock_;
    Log& log_;
    Millis const every_;
    Take const take_;
    UniqueFunction<void(std::uint64_t)> saved_;
    bool saving_{false};
    UniqueFunction<void()> next_;   ///< Waits for the one under way; null: nobody.
    std::unique_ptr<Timer> timer_;  // last: it calls back
};

}  // namespace muster
