#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <muster/base/unique_function.hpp>
#include <muster/ports/clock.hpp>
#include <muster/sharding/shard_link.hpp>

namespace muster {

class Loop;

/// Shards of this process: each a thread with a loop, the built-in probers and a ProbingShard. A
/// ShardedProber over links() gives them their work. Hub's loop only.
class BuiltInShards {
public:
    /// Called on a shard's thread with one line if a function on its loop throws: half a monitor is
    /// worse than none, so the program must end then: it does not return.
    using Failed = std::function<void(std::string const&)>;

    /// `count` of them, at least 1. Loop and clock must outlive them.
    BuiltInShards(std::size_t count, Loop& hub_loop, Clock const& clock, Failed const& failed);
    /// Ends what they do and joins their threads, which takes as long as one of them hangs: see
    /// reach(). Nobody may use the links any more.
    ~BuiltInShards();
    BuiltInShards(BuiltInShards const&) = delete;
    BuiltInShards& operator=(BuiltInShards const&) = delete;

    /// In the order of their numbers; they live as long as this.
    [[nodiscard]] std::vector<ShardLink*> links() const;

    /// Calls `reached` on the hub's loop once every shard's loop has come round to answer; never,
    /// if one of them hangs or if this is gone before.
    void reach(UniqueFunction<void()> reached);

private:
    class Shard;

    struct Reaching;

    std::vector<std::unique_ptr<Shard>> shards_;
    Loop& hub_loop_;
    std::shared_ptr<Reaching> reaching_;  ///< The hub's loop's.
};

}  // namespace muster
