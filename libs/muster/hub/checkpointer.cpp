#include <muster/hub/checkpointer.hpp>

#include <utility>

namespace muster {

Checkpointer::Checkpointer(Recorder& recorder, CheckpointStore& checkpoints, Lane& lane,
                           Clock const& clock, Timers& timers, Log& log, Millis every, Take take)
    : recorder_(recorder),
      checkpoints_(checkpoints),
      lane_(lane),
      clock_(clock),
      log_(log),
      every_(every),
      take_(std::move(take)),
      timer_(timers.make([this] {
          timer_->arm(clock_.now().steady + every_);
          if (!saving_) {
              save([] {});
          }
      })) {}

Checkpointer::~Checkpointer() = default;

void Checkpointer::start() {
    timer_->arm(clock_.now().steady + every_);
}

void Checkpointer::stop() {
    timer_->disarm();
}

void Checkpointer::on_saved(UniqueFunction<void(std::uint64_t)> saved) {
    saved_ = std::move(saved);
}

void Checkpointer::save(UniqueFunction<void()> done) {
    if (saving_) {
        next_ = std::move(done);  // the one under way holds an older state
        return;
    }
    saving_ = true;
    recorder_.flush_and_sync([this, checkpoint = take_(), done = std::move(done)]() mutable {
        if (!recorder_.healthy()) {
            log_.write(LogLevel::warn, "checkpoint",
                       "not saved, the journal is behind: " + recorder_.problem());
            ended(done);
            return;
        }
        save_taken(std::move(checkpoint), std::move(done));
    });
}

void Checkpointer::save_taken(Checkpoint checkpoint, UniqueFunction<void()> done) {
    auto const seq = checkpoint.as_of.seq;
    auto const waiting = std::make_shared<UniqueFunction<void()>>(std::move(done));
    bool const taken = submit_to(
        lane_,
        [&checkpoints = checkpoints_, checkpoint = std::move(checkpoint)] {
            return checkpoints.save(encode_checkpoint(checkpoint));
        },
        [this, seq, waiting](Result<void> const& saved) {
            if (!saved) {
                log_.write(LogLevel::error, "checkpoint", "not saved: " + saved.error().message);
            } else if (saved_) {
                saved_(seq);
            }
            ended(*waiting);
        });
    if (!taken) {
        log_.write(LogLevel::warn, "checkpoint", "not saved: the disk is busy with others");
        ended(*waiting);
    }
}

void Checkpointer::ended(UniqueFunction<void()>& done) {
    saving_ = false;
    auto next = std::exchange(next_, nullptr);
    done();  // where nobody waits, the last: it may end us
    if (next) {
        save(std::move(next));
    }
}

}  // namespace muster
