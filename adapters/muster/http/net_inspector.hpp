#pragma once

#include <memory>

#include <muster/ports/clock.hpp>
#include <muster/ports/inspector.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/tcp/resolver.hpp>

namespace muster {

/// Inspects by HTTP and TCP, over connections that nobody else uses.
class NetInspector final : public Inspector {
public:
    /// All must outlive the inspector.
    NetInspector(Loop& loop, Clock const& clock, Resolver& resolver);
    ~NetInspector() override;  ///< No inspection may be left.
    NetInspector(NetInspector const&) = delete;
    NetInspector& operator=(NetInspector const&) = delete;

    [[nodiscard]] std::unique_ptr<Inspection> inspect(InspectionSpec const& spec, Millis timeout,
                                                      Done done) override;

private:
    struct Impl;
    std::unique_ptr<Impl> const impl_;
};

}  // namespace muster
