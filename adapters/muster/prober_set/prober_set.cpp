#include <muster/prober_set/prober_set.hpp>

#include <utility>

namespace muster {

void ProberSet::add(std::string kind, Prober& prober) {
    probers_.insert_or_assign(std::move(kind), std::ref(prober));
}

Result<std::unique_ptr<Probe>> ProberSet::prepare(ProbeSpec const& spec, bool reuse) {
    auto const kind = kind_of(spec);
    auto const found = probers_.find(kind);
    if (found == probers_.end()) {
        return failure(Errc::unsupported, std::string("probe kind not built: ").append(kind));
    }
    return found->second.get().prepare(spec, reuse);
}

}  // namespace muster
