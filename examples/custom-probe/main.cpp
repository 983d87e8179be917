// Watches files by a kind of check of its own, beside URLs by the one that is built in: one fleet
// runs, judges and tells both.
//
//     custom-probe INTERVAL MAX_AGE FILE|URL...      custom-probe 1m 25h /backup/last.tar

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
#include <muster/runtime/thread_lane.hpp>

#include "file_age_prober.hpp"

namespace {

class Printer final : public muster::FleetObserver {
public:
    void checked(muster::Service const& service, muster::Tracker const& /*tracker*/,
                 muster::Judged const& judged) override {
        if (auto const change = muster::transition_of(service, judged)) {
            std::cout << muster::to_rfc3339(change->at) << ' ' << change->name << " ("
                      << kind_of(service.spec.probe) << "): " << muster::describe(*change)
                      << std::endl;
        }
    }
};

/// What lives on the loop, each after what it uses.
struct Watching {
    Watching(muster::Loop& loop, muster::Clock const& clock)
        : lane(loop, {"files", 64}),
          files(clock, loop, lane),
          probers(loop, clock),
          fleet(clock, loop, probers, printer, {}) {
        probers.add(std::string(FileAgeProber::kKind), files);
    }

    muster::ThreadLane lane;
    FileAgeProber files;
    muster::BuiltInProbers probers;
    Printer printer;
    muster::Fleet fleet;
};

muster::Result<muster::ProbeSpec> probe_of(std::string_view text, muster::Millis max_age) {
    if (text.find("://") == std::string_view::npos) {
        return FileAgeProber::spec(std::string(text), max_age);
    }
    auto url = muster::parse_url(text);
    if (!url) {
        return tl::unexpected(std::move(url.error()));
    }
    return muster::HttpProbeSpec{*std::move(url)};
}

muster::Result<std::vector<muster::Fleet::Member>> targets(int count, char** words) {
    if (count < 4) {
        return muster::failure(muster::Errc::invalid,
                               "usage: custom-probe INTERVAL MAX_AGE FILE|URL...");
    }
    auto const interval = muster::parse_duration(words[1]);
    auto const max_age = muster::parse_duration(words[2]);
    if (!interval || *interval <= muster::Millis(0)) {
        return muster::failure(muster::Errc::invalid, "INTERVAL: give a time, such as 30s");
    }
    if (!max_age) {
        return muster::prefixed("MAX_AGE", max_age.error());
    }
    std::vector<muster::Fleet::Member> members;
    for (int at = 3; at < count; ++at) {
        auto probe = probe_of(words[at], *max_age);
        if (!probe) {
            return tl::unexpected(std::move(probe.error()));
        }
        muster::Service service;
        auto& spec = service.spec;
        spec.project = "targets";
        spec.name = words[at];
        spec.probe = *std::move(probe);
        spec.policy.interval = *interval;
        spec.policy.failure_threshold = 1;
        service.id = muster::ServiceId{at - 2};
        service.identity = muster::identity_of(spec);
        members.push_back({muster::share(std::move(service)), {}});
    }
    return members;
}

}  // namespace

int main(int count, char** words) {
    auto members = targets(count, words);
    if (!members) {
        std::cerr << "custom-probe: " << members.error().message << '\n';
        return 3;
    }

    muster::SystemClock clock;
    muster::Loop loop;
    std::optional<Watching> watching;
    std::optional<muster::Signals> signals;
    loop.post([&] {
        watching.emplace(loop, clock);
        for (auto const& error : watching->fleet.add(*std::move(members))) {
            std::cerr << "custom-probe: " << error.message << '\n';
        }
        signals.emplace(loop, [&] {
            // Later: what is destroyed there has called us.
            loop.post([&] {
                signals.reset();
                watching.reset();
                loop.finish();
            });
        });
    });
    loop.run();
    return 0;
}
