#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <vector>

#include <boost/asio/io_context.hpp>

#include <muster/ports/prober.hpp>
#include <muster/runtime/loop.hpp>

namespace muster::bench {

/// Runs probes as RawClient does: one at a time for each target, all targets at once.
class ProbingClient final : private ProbeObserver {
public:
    ProbingClient(Loop& loop, Prober& prober, std::vector<ProbeSpec> const& specs, bool reuse)
        : loop_(loop), reuse_(reuse) {
        for (auto const& spec : specs) {
            auto probe = prober.prepare(spec, reuse);
            if (!probe) {
                throw std::runtime_error(probe.error().message);
            }
            probes_.push_back(std::move(*probe));
        }
    }
    ~ProbingClient() = default;
    ProbingClient(ProbingClient const&) = delete;
    ProbingClient& operator=(ProbingClient const&) = delete;

    void run(std::size_t count) {
        to_start_ = count;
        to_end_ = count;
        for (std::size_t index = 0; index < probes_.size() && to_start_ > 0; ++index) {
            begin(index);
        }
        while (to_end_ > 0) {
            loop_.context().run_one();
        }
    }

private:
    void begin(std::size_t index) {
        --to_start_;
        probes_[index]->start({.timeout = 5s, .fresh = !reuse_}, *this, index);
    }

    void probed(std::uint64_t token, Outcome outcome) override {
        if (outcome.verdict != Verdict::passed) {
            throw std::runtime_error(outcome.error);
        }
        --to_end_;
        if (to_start_ > 0) {
            begin(token);
        }
    }

    Loop& loop_;
    bool reuse_;
    std::size_t to_start_{0};
    std::size_t to_end_{0};
    std::vector<std::unique_ptr<Probe>> probes_;
};

}  // namespace muster::bench
