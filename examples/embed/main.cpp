// A program that watches its own upstreams, without a hub: probes, judges and tells what changed.
//
//     embed INTERVAL NAME=URL...        embed 5s billing=http://127.0.0.1:8080/health
//
// Prints a line for each change of status until SIGINT or SIGTERM, then how each upstream is.

#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/monitoring/fleet.hpp>
#include <muster/prober_set/built_in_probers.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/runtime/signals.hpp>
#include <muster/runtime/system_clock.hpp>

namespace {

/// Told of every check, on the loop. A service would shed load here, or choose another upstream.
class Printer final : public muster::FleetObserver {
public:
    void checked(muster::Service const& service, muster::Tracker const& /*tracker*/,
                 muster::Judged const& judged) override {
        if (auto const change = muster::transition_of(service, judged)) {
            std::cout << muster::to_rfc3339(change->at) << ' ' << change->name << ": "
                      << muster::describe(*change) << std::endl;
        }
    }
};

/// What lives on the loop, each after what it uses.
struct Watching {
    Watching(muster::Loop& loop, muster::Clock const& clock)
        : probers(loop, clock), fleet(clock, loop, probers, printer, {}) {}

    muster::BuiltInProbers probers;
    Printer printer;
    muster::Fleet fleet;
};

/// The upstream that `NAME=URL` names. Ids are the program's own to give: each once, from 1.
muster::Result<muster::Fleet::Member> upstream(std::int64_t id, std::string_view text,
                                               muster::Millis interval) {
    auto const name = text.substr(0, text.find('='));
    if (name.empty() || name.size() == text.size()) {
        return muster::failure(muster::Errc::invalid, "'" + std::string(text) + "' is no NAME=URL");
    }
    auto url = muster::parse_url(text.substr(name.size() + 1));
    if (!url) {
        return muster::prefixed(name, std::move(url.error()));
    }
    muster::Service service;
    auto& spec = service.spec;
    spec.project = "upstreams";
    spec.name = name;
    spec.probe = muster::HttpProbeSpec{*std::move(url)};
    spec.policy.interval = interval;
    spec.policy.failure_threshold = 2;
    service.id = muster::ServiceId{id};
    service.identity = muster::identity_of(spec);
    return muster::Fleet::Member{muster::share(std::move(service)), {}};
}

muster::Result<std::vector<muster::Fleet::Member>> upstreams(int count, char** words) {
    if (count < 3) {
        return muster::failure(muster::Errc::invalid, "usage: embed INTERVAL NAME=URL...");
    }
    auto const interval = muster::parse_duration(words[1]);
    if (!interval) {
        return muster::prefixed("INTERVAL", interval.error());
    }
    if (*interval <= muster::Millis(0)) {
        return muster::failure(muster::Errc::invalid, "INTERVAL: must be more than 0");
    }
    std::vector<muster::Fleet::Member> members;
    for (int at = 2; at < count; ++at) {
        auto member = upstream(at - 1, words[at], *interval);
        if (!member) {
            return tl::unexpected(std::move(member.error()));
        }
        members.push_back(*std::move(member));
    }
    return members;
}

}  // namespace

int main(int count, char** words) {
    auto members = upstreams(count, words);
    if (!members) {
        std::cerr << "embed: " << members.error().message << '\n';
        return 3;
    }

    muster::SystemClock clock;
    muster::Loop loop;
    std::optional<Watching> watching;
    std::optional<muster::Signals> signals;
    loop.post([&] {
        watching.emplace(loop, clock);
        for (auto const& error : watching->fleet.add(*std::move(members))) {
            std::cerr << "embed: " << error.message << '\n';
        }
        signals.emplace(loop, [&] {
            // Later: what is destroyed there has called us.
            loop.post([&] {
                watching->fleet.each([](auto const& service, auto const& tracker) {
                    std::cout << service.spec.name << " is "
                              << muster::to_string(tracker.health.status) << '\n';
                });
                signals.reset();
                watching.reset();
                loop.finish();
            });
        });
    });
    loop.run();
    return 0;
}
