#pragma once

#include <memory>

#include <muster/base/time.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/domain/inspection.hpp>

namespace muster {

/// An inspection under way. Destroying it ends it; its `done` then never runs.
class Inspection {
public:
    virtual ~Inspection() = default;
};

/// Looks at targets once each, in more detail than a Prober, whose runs are many. Must outlive its
/// inspections. Loop thread only.
class Inspector {
public:
    virtual ~Inspector() = default;

    using Done = UniqueFunction<void(Findings)>;

    /// `done` runs exactly once, on the loop, never inside inspect(), at most `timeout` + 100 ms
    /// later, and may destroy the inspection. Whatever is wrong with the target, its spelling too,
    /// is a finding. Redirects are followed to wherever they lead.
    [[nodiscard]] virtual std::unique_ptr<Inspection> inspect(InspectionSpec const& spec,
                                                              Millis timeout, Done done) = 0;
};

}  // namespace muster
