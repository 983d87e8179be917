#include <muster/http/outcome_of_many.hpp>

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace muster {
namespace {

EndpointOutcome const& deciding(std::span<EndpointOutcome const> endpoints) {
    for (auto const verdict : {Verdict::failed, Verdict::not_counted}) {
        auto const found = std::find_if(
            endpoints.begin(), endpoints.end(),
            [verdict](auto const& endpoint) { return endpoint.outcome.verdict == verdict; });
        if (found != endpoints.end()) {
            return *found;
        }
    }
    return *std::max_element(endpoints.begin(), endpoints.end(),
                             [](auto const& left, auto const& right) {
                                 return left.outcome.response_time < right.outcome.response_time;
                             });
}

}  // namespace

Outcome outcome_of_many(std::span<EndpointOutcome const> endpoints) {
    assert(!endpoints.empty());
    auto const& decides = deciding(endpoints);
    auto all = decides.outcome;
    if (!all.error.empty()) {
        all.error.insert(0, decides.name + ": ");
    }
    all.endpoints_total = static_cast<std::uint16_t>(endpoints.size());
    for (auto const& [name, outcome] : endpoints) {
        all.endpoints_healthy += outcome.verdict == Verdict::passed ? 1 : 0;
        all.response_time = std::max(all.response_time, outcome.response_time);
        all.word = std::max(all.word, outcome.word);
        if (outcome.certificate_expires &&
            (!all.certificate_expires || *outcome.certificate_expires < *all.certificate_expires)) {
            all.certificate_expires = outcome.certificate_expires;
        }
    }
    return all;
}

}  // namespace muster
