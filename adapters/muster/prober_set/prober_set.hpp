#pragma once

#include <functional>
#include <map>
#include <string>

#include <muster/ports/prober.hpp>

namespace muster {

/// One prober for every kind of probe: hands each spec to the one that was added for its kind.
class ProberSet final : public Prober {
public:
    /// `kind` as kind_of() spells it; a kind that is there already gets the new prober. `prober`
    /// must outlive the set.
    void add(std::string kind, Prober& prober);

    /// Errors: as Prober::prepare(); unsupported where no prober was added for the kind.
    [[nodiscard]] Result<std::unique_ptr<Probe>> prepare(ProbeSpec const& spec,
                                                         bool reuse) override;

private:
    std::map<std::string, std::reference_wrapper<Prober>, std::less<>> probers_;
};

}  // namespace muster
