#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <muster/base/unique_function.hpp>
#include <muster/ports/inbox.hpp>

namespace muster {

/// Values on their way from other threads to one loop, in the order in which each thread put them.
/// They are taken in batches: only what is put where nothing waits wakes the loop, so a busy loop
/// is not woken for each. Has no limit of its own: whoever uses it says why there is one.
template <class T>
class Handover {
public:
    /// Is given all that waits, and may leave it in the vector: it is thrown away.
    using Take = UniqueFunction<void(std::vector<T>& values)>;

    /// `to`: the way into the loop; must outlive this.
    explicit Handover(Inbox& to) : to_(to) {}
    ~Handover() { close(); }
    Handover(Handover const&) = delete;
    Handover& operator=(Handover const&) = delete;

    /// Any thread.
    void put(T value) {
        bool wake = false;
        {
            std::lock_guard const lock(shared_->mutex);
            wake = shared_->waiting.empty();
            shared_->waiting.push_back(std::move(value));
        }
        if (wake) {
            wake_up();
        }
    }

    /// From now on `take` gets the values, those that came before too. On the loop, once.
    void open(Take take) {
        shared_->take = std::move(take);
        bool wake = false;
        {
            std::lock_guard const lock(shared_->mutex);
            wake = !shared_->waiting.empty();
        }
        if (wake) {
            wake_up();
        }
    }

    /// Nothing is taken any more; not from within `take`. On the loop, or when it runs no more.
    void close() { shared_->take = nullptr; }

    /// Values that were put and not taken. Any thread.
    [[nodiscard]] std::size_t waiting() const {
        std::lock_guard const lock(shared_->mutex);
        return shared_->waiting.size();
    }

private:
    /// Held by wake-ups on their way, which may come after this is gone.
    struct Shared {
        std::mutex mutex;
        std::vector<T> waiting;  // guarded by mutex
        std::vector<T> taken;    // the loop's alone, as all below; kept for its memory
        Take take;

        void hand_over() {
            if (!take) {
                return;
            }
            {
                std::lock_guard const lock(mutex);
                std::swap(waiting, taken);
            }
            take(taken);
            taken.clear();
        }
    };

    void wake_up() {
        to_.post([shared = shared_] { shared->hand_over(); });
    }

    Inbox& to_;
    std::shared_ptr<Shared> const shared_{std::make_shared<Shared>()};
};

}  // namespace muster
