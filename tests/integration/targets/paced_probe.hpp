#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include <integration/http/probing_test.hpp>

namespace muster {

/// A probe with a connection of its own, again and again, a fixed time after each answer.
class PacedProbe final : public ProbeObserver {
public:
    struct Pace {
        Micros pause{0};
        std::size_t rounds{0};
    };
    struct Seen {
        std::size_t fresh{0};
        std::size_t reused{0};
        std::vector<std::string> failures;
    };

    PacedProbe(Loop& loop, Clock const& clock, Resolver& resolver, HttpProbeSpec const& spec,
               Pace pace)
        : client_(loop, clock, resolver, {}),
          timer_(loop.context()),
          pace_(pace),
          probe_(prober_.prepare(spec, true).value()) {
        start();
    }
    ~PacedProbe() override = default;
    PacedProbe(PacedProbe const&) = delete;
    PacedProbe& operator=(PacedProbe const&) = delete;

    [[nodiscard]] bool done() const { return done_ == pace_.rounds; }
    [[nodiscard]] bool holds_connection() const { return client_.idle_connections() > 0; }
    [[nodiscard]] Seen const& seen() const { return seen_; }

private:
    void start() { probe_->start({.timeout = 10s, .fresh = false}, *this, 0); }

    void probed(std::uint64_t /*token*/, Outcome outcome) override {
        ++(outcome.connection == ConnectionUse::fresh ? seen_.fresh : seen_.reused);
        if (outcome.verdict != Verdict::passed) {
            seen_.failures.push_back(outcome.error);
        }
        if (++done_ < pace_.rounds) {
            timer_.expires_after(pace_.pause);
            timer_.async_wait([this](auto const& error) {
                if (!error) {
                    start();
                }
            });
        }
    }

    HttpClient client_;
    HttpProber prober_{client_};
    boost::asio::steady_timer timer_;
    Pace const pace_;
    std::size_t done_{0};
    Seen seen_;
    std::unique_ptr<Probe> probe_;  // last: it calls back
};

/// Many of them on one loop.
class PacedProbes {
public:
    PacedProbes(Loop& loop, Clock const& clock, Resolver& resolver)
        : loop_(loop), clock_(clock), resolver_(resolver) {}

    /// `count` of them, the pause of each `step` longer than the last one's.
    void add(HttpProbeSpec const& spec, std::size_t count, PacedProbe::Pace pace, Micros step) {
        for (std::size_t index = 0; index < count; ++index) {
            all_.push_back(std::make_unique<PacedProbe>(loop_, clock_, resolver_, spec, pace));
            pace.pause += step;
        }
    }

    void run_to_end() {
        while (
            !std::all_of(all_.begin(), all_.end(), [](auto const& one) { return one->done(); })) {
            loop_.context().run_one();
        }
    }

    /// How long the server really keeps an idle connection: some wait longer than they say.
    [[nodiscard]] Micros measured_edge(HttpProbeSpec const& spec) {
        PacedProbe const probe(loop_, clock_, resolver_, spec, {.pause = 0us, .rounds = 1});
        while (!probe.done()) {
            loop_.context().run_one();
        }
        auto const answered = clock_.now().steady;
        while (probe.holds_connection()) {
            loop_.context().run_one();
        }
        return std::chrono::duration_cast<Micros>(clock_.now().steady - answered);
    }

    [[nodiscard]] std::size_t size() const { return all_.size(); }
    [[nodiscard]] std::size_t fresh() const {
        return total([](auto const& seen) { return seen.fresh; });
    }
    [[nodiscard]] std::size_t reused() const {
        return total([](auto const& seen) { return seen.reused; });
    }
    [[nodiscard]] std::vector<std::string> failures() const {
        std::vector<std::string> texts;
        for (auto const& one : all_) {
            texts.insert(texts.end(), one->seen().failures.begin(), one->seen().failures.end());
        }
        return texts;
    }

private:
    template <class Count>
    [[nodiscard]] std::size_t total(Count count) const {
        std::size_t sum = 0;
        for (auto const& one : all_) {
            sum += count(one->seen());
        }
        return sum;
    }

    Loop& loop_;
    Clock const& clock_;
    Resolver& resolver_;
    std::vector<std::unique_ptr<PacedProbe>> all_;
};

}  // namespace muster
