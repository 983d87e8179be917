#include <muster/runtime/thread_lane.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include <pthread.h>

namespace muster {
namespace {

struct Task {
    UniqueFunction<void()> job;
    UniqueFunction<void()> done;
};

/// Touched on the home loop only; answers on their way hold it after the lane is gone.
struct HomeSide {
    std::size_t pending{0};
    bool closed{false};
};

}  // namespace

struct ThreadLane::Impl {
    Impl(Loop& home_loop, Options lane_options)
        : home(home_loop), options(std::move(lane_options)) {}

    void work();

    Loop& home;
    Options const options;
    std::shared_ptr<HomeSide> const home_side = std::make_shared<HomeSide>();
    std::size_t refused{0};  // home loop only

    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Task> queue;  // guarded by mutex
    bool closing{false};     // guarded by mutex

    std::thread thread;  // last: it uses all of the above
};

void ThreadLane::Impl::work() {
    pthread_setname_np(pthread_self(), options.name.substr(0, 15).c_str());
    for (;;) {
        Task task;
        {
            std::unique_lock lock(mutex);
            wake.wait(lock, [this] { return closing || !queue.empty(); });
            if (closing) {
                return;
            }
            task = std::move(queue.front());
            queue.pop_front();
        }
        task.job();
        task.job = nullptr;  // what the job owns dies on the lane, before its answer is known
        home.post([side = home_side, done = std::move(task.done)]() mutable {
            if (!side->closed) {
                --side->pending;
                done();
            }
        });
    }
}

ThreadLane::ThreadLane(Loop& home, Options options)
    : impl_(std::make_unique<Impl>(home, std::move(options))) {
    impl_->thread = std::thread([impl = impl_.get()] { impl->work(); });
}

ThreadLane::~ThreadLane() {
    {
        std::lock_guard const lock(impl_->mutex);
        impl_->closing = true;
    }
    impl_->wake.notify_one();
    impl_->thread.join();
    impl_->home_side->closed = true;
}

bool ThreadLane::submit(UniqueFunction<void()> job, UniqueFunction<void()> done) {
    {
        std::lock_guard const lock(impl_->mutex);
        if (impl_->queue.size() >= impl_->options.queue_limit) {
            ++impl_->refused;
            return false;
        }
        impl_->queue.push_back({std::move(job), std::move(done)});
    }
    ++impl_->home_side->pending;
    impl_->wake.notify_one();
    return true;
}

std::size_t ThreadLane::pending() const {
    return impl_->home_side->pending;
}

std::size_t ThreadLane::refused() const noexcept {
    return impl_->refused;
}

}  // namespace muster
