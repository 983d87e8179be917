#include <muster/monitoring/network_watch.hpp>

#include <algorithm>

namespace muster {
namespace {

/// Nobody answered, not even with a refusal. A connection that was open once says nothing.
bool unreached(Outcome const& outcome, Millis timeout) noexcept {
    if (outcome.verdict != Verdict::failed) {
        return false;
    }
    bool const never_connected = outcome.connection == ConnectionUse::fresh &&
                                 outcome.phases.connect == Phases::kNone &&
                                 outcome.response_time >= timeout;
    return outcome.own_fault == OwnFault::network || never_connected;
}

}  // namespace

void NetworkWatch::forget(Host host) noexcept {
    std::replace(hosts_.begin(), hosts_.begin() + unreached_, host, kNobody);
}

void NetworkWatch::judge(Outcome& outcome, Host host, Millis timeout) {
    if (outcome.verdict == Verdict::not_counted) {
        return;
    }
    if (!unreached(outcome, timeout)) {
        unreached_ = 0;
        return;
    }
    auto* const end = hosts_.begin() + unreached_;
    if (!away() && std::find(hosts_.begin(), end, host) == end) {
        hosts_[unreached_++] = host;
    }
    if (away()) {
        outcome.verdict = Verdict::not_counted;
        outcome.own_fault = OwnFault::network;
        outcome.error += " (not counted: no other host is reached either)";
    }
}

}  // namespace muster
