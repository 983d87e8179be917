#include <muster/sharding/sharded_prober.hpp>

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>

#include <muster/sharding/placement.hpp>

namespace muster {
namespace {

bool goes_by_tls(HttpProbeSpec const& spec) {
    return spec.url.scheme == "https" ||
           std::any_of(spec.more_urls.begin(), spec.more_urls.end(),
                       [](Url const& url) { return url.scheme == "https"; });
}

}  // namespace

class ShardedProber::ShardedProbe final : public Probe {
public:
    ShardedProbe(ShardedProber& prober, Shard& shard, ProbeRecipe recipe)
        : prober_(prober),
          shard_(shard),
          recipe_(std::make_unique<ProbeRecipe>(std::move(recipe))) {
        if (shard_.free_places.empty()) {
            place_ = static_cast<std::uint32_t>(shard_.probes.size());
            shard_.probes.push_back(this);
        } else {
            place_ = shard_.free_places.back();
            shard_.free_places.pop_back();
            shard_.probes[place_] = this;
        }
    }
    ~ShardedProbe() override {
        shard_.probes[place_] = nullptr;
        shard_.free_places.push_back(place_);
        if (!recipe_) {
            order(ProbeOrder::Kind::forget);
        }
    }
    ShardedProbe(ShardedProbe const&) = delete;
    ShardedProbe& operator=(ShardedProbe const&) = delete;

    void start(ProbeRun const& run, ProbeObserver& observer, std::uint64_t token) override {
        assert(run_ == 0 && "one run at a time");
        prober_.trials_.clear();  // those who were prepared in a row are
        observer_ = &observer;
        token_ = token;
        run_ = ++shard_.runs;
        shard_.link.orders.put(
            {ProbeOrder::Kind::start, place_, run_, run, std::exchange(recipe_, nullptr)});
    }

    void cancel() override {
        if (std::exchange(run_, 0) != 0) {
            order(ProbeOrder::Kind::cancel);
        }
    }

    /// The observer may destroy this.
    void hear(std::uint64_t run, Outcome outcome) {
        if (run != run_) {
            return;  // cancelled when it was on its way, or of who had this place before
        }
        run_ = 0;
        observer_->probed(token_, std::move(outcome));
    }

private:
    void order(ProbeOrder::Kind kind) {
        ProbeOrder order;
        order.kind = kind;
        order.place = place_;
        shard_.link.orders.put(std::move(order));
    }

    ShardedProber& prober_;
    Shard& shard_;
    std::unique_ptr<ProbeRecipe> recipe_;  ///< Null: the shard has it.
    std::uint32_t place_{0};
    std::uint64_t run_{0};  ///< Under way; 0: none. Of its shard no two have the same.
    ProbeObserver* observer_{nullptr};
    std::uint64_t token_{0};
};

ShardedProber::ShardedProber(Prober& trial, std::vector<ShardLink*> const& links) : trial_(trial) {
    assert(!links.empty() && "somebody must do the work");
    for (auto* const link : links) {
        shards_.push_back(std::make_unique<Shard>(Shard{*link, {}, {}, 0}));
        link->reports.open([shard = shards_.back().get()](std::vector<ProbeReport>& reports) {
            hear(*shard, reports);
        });
    }
}

ShardedProber::~ShardedProber() {
    for (auto const& shard : shards_) {
        shard->link.reports.close();
        assert(shard->free_places.size() == shard->probes.size() &&
               "probes must not outlive their prober");
    }
}

Result<std::unique_ptr<Probe>> ShardedProber::prepare(ProbeSpec const& spec, bool reuse) {
    auto trial = trial_.prepare(spec, reuse);
    if (!trial) {
        return trial;
    }
    keep_for_others(spec, *std::move(trial));
    auto& shard = *shards_[shard_of(spec, shards_.size())];
    return std::make_unique<ShardedProbe>(*this, shard, ProbeRecipe{spec, reuse});
}

/// Authorities are shared as long as somebody needs them; a trial alone would have each read them.
void ShardedProber::keep_for_others(ProbeSpec const& spec, std::unique_ptr<Probe> trial) {
    auto const* const http = std::get_if<HttpProbeSpec>(&spec);
    if (http != nullptr && goes_by_tls(*http)) {
        trials_[http->tls.ca_file] = std::move(trial);
    }
}

void ShardedProber::hear(Shard& shard, std::vector<ProbeReport>& reports) {
    for (auto& report : reports) {
        if (auto* const probe = shard.probes[report.place]) {
            probe->hear(report.run, std::move(report.outcome));
        }
    }
}

}  // namespace muster
