#include <muster/sharding/probing_shard.hpp>

#include <utility>

namespace muster {

ProbingShard::ProbingShard(ShardLink& link, Clock const& clock, Timers& timers, Prober& prober)
    : link_(link), clock_(clock), prober_(prober), stalls_(clock, timers) {
    stalls_.start();
    link_.orders.open([this](std::vector<ProbeOrder>& orders) { obey(orders); });
}

ProbingShard::~ProbingShard() {
    link_.orders.close();
}

void ProbingShard::obey(std::vector<ProbeOrder>& orders) {
    stalls_.notice(clock_.now().steady);
    for (auto& order : orders) {
        if (order.place >= places_.size()) {
            places_.resize(order.place + std::size_t{1});
        }
        auto& place = places_[order.place];
        switch (order.kind) {
            case ProbeOrder::Kind::start:
                start(order);
                break;
            case ProbeOrder::Kind::cancel:
                if (place.run != 0) {
                    place.probe->cancel();
                    end_run(place);
                }
                break;
            case ProbeOrder::Kind::forget:
                if (place.run != 0) {
                    end_run(place);
                }
                figures_.probes -= place.taken ? 1 : 0;
                place = Place{};
                break;
        }
    }
}

void ProbingShard::start(ProbeOrder& order) {
    auto& place = places_[order.place];
    if (order.recipe) {
        place.recipe = std::move(order.recipe);
        place.taken = true;
        ++figures_.probes;
    }
    place.run = order.run;
    place.started = clock_.now().steady;
    ++figures_.in_flight;
    if (order.how.due) {
        figures_.lateness.record(
            std::chrono::duration_cast<Micros>(place.started - *order.how.due));
    }
    if (!place.probe) {
        // The hub could prepare it; what it needs may be gone since, and may come again.
        auto probe = prober_.prepare(place.recipe->spec, place.recipe->reuse);
        if (!probe) {
            Outcome outcome;
            outcome.error = "cannot be probed: " + probe.error().message + " (not counted)";
            probed(order.place, std::move(outcome));
            return;
        }
        place.probe = *std::move(probe);
        place.recipe.reset();
    }
    place.probe->start(order.how, *this, order.place);
}

void ProbingShard::probed(std::uint64_t place, Outcome outcome) {
    auto& at = places_[place];
    stalls_.notice(clock_.now().steady);
    if (at.started < stalls_.until() && outcome.verdict != Verdict::not_counted) {
        outcome.own_fault = OwnFault::held_up;
    }
    auto const run = at.run;
    end_run(at);
    link_.reports.put({static_cast<std::uint32_t>(place), run, std::move(outcome)});
}

void ProbingShard::end_run(Place& place) {
    place.run = 0;
    --figures_.in_flight;
}

}  // namespace muster
