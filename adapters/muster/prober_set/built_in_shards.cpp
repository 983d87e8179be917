#include <muster/prober_set/built_in_shards.hpp>

#include <future>
#include <optional>
#include <utility>

#include <muster/http/http_client.hpp>
#include <muster/monitoring/loop_lag.hpp>
#include <muster/prober_set/built_in_probers.hpp>
#include <muster/runtime/loop_thread.hpp>
#include <muster/sharding/probing_shard.hpp>

namespace muster {
namespace {

constexpr Millis kTellEvery{1'000};

/// What lives on a shard's loop.
class ShardSide {
public:
    ShardSide(ShardLink& link, Loop& loop, Clock const& clock, std::size_t shards)
        : link_(link),
          clock_(clock),
          probers_(loop, clock, shards),
          shard_(link, clock, loop, probers_),
          lag_(clock, loop),
          timer_(loop.make([this] { tell(); })) {
        tell();
    }

private:
    void tell() {
        auto const& figures = shard_.figures();
        auto const now = clock_.now().steady;
        link_.tell({.at = now,
                    .lateness = figures.lateness,
                    .in_flight = figures.in_flight,
                    .idle_connections = probers_.http_client().idle_connections(),
                    .loop_lag = lag_.longest()});
        timer_->arm(now + kTellEvery);
    }

    ShardLink& link_;
    Clock const& clock_;
    BuiltInProbers probers_;
    ProbingShard shard_;
    LoopLag lag_;
    std::unique_ptr<Timer> timer_;  // last: it calls back
};

}  // namespace

class BuiltInShards::Shard {
public:
    Shard(std::string name, std::size_t shards, Loop& hub_loop, Clock const& clock, Failed failed)
        : thread_(std::in_place, std::move(name), std::move(failed)),
          link_(thread_->loop(), hub_loop) {
        auto& loop = thread_->loop();
        loop.post([this, &loop, &clock, shards] { side_.emplace(link_, loop, clock, shards); });
    }
    ~Shard() {
        std::promise<void> gone;
        thread_->loop().post([this, &gone] {
            side_.reset();
            gone.set_value();
        });
        gone.get_future().wait();
        thread_.reset();  // before the link: what wakes the loop up may still be on its way
    }
    Shard(Shard const&) = delete;
    Shard& operator=(Shard const&) = delete;

    [[nodiscard]] ShardLink& link() noexcept { return link_; }
    [[nodiscard]] Loop& loop() noexcept { return thread_->loop(); }

private:
    std::optional<LoopThread> thread_;
    ShardLink link_;
    std::optional<ShardSide> side_;  ///< The loop's.
};

BuiltInShards::BuiltInShards(std::size_t count, Loop& hub_loop, Clock const& clock,
                             Failed const& failed)
    : hub_loop_(hub_loop) {
    for (std::size_t number = 1; number <= count; ++number) {
        shards_.push_back(std::make_unique<Shard>("shard-" + std::to_string(number), count,
                                                  hub_loop, clock, failed));
    }
}

BuiltInShards::~BuiltInShards() = default;

std::vector<ShardLink*> BuiltInShards::links() const {
    std::vector<ShardLink*> links;
    links.reserve(shards_.size());
    for (auto const& shard : shards_) {
        links.push_back(&shard->link());
    }
    return links;
}

struct BuiltInShards::Reaching {
    std::size_t awaited{0};
    UniqueFunction<void()> reached;
};

void BuiltInShards::reach(UniqueFunction<void()> reached) {
    reaching_ = std::make_shared<Reaching>(Reaching{shards_.size(), std::move(reached)});
    for (auto const& shard : shards_) {
        shard->loop().post([&hub_loop = hub_loop_, weak = std::weak_ptr(reaching_)] {
            hub_loop.post([weak] {
                auto const reaching = weak.lock();
                if (reaching && --reaching->awaited == 0) {
                    reaching->reached();
                }
            });
        });
    }
}

}  // namespace muster
