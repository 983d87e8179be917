#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/outcome.hpp>
#include <muster/domain/probe_spec.hpp>

namespace muster {

/// Told what a probe saw. Implementations must not throw.
class ProbeObserver {
public:
    virtual ~ProbeObserver() = default;

    /// `token` is the one given to Probe::start(). The observer may destroy the probe in here.
    /// A prober whose own loop stood still during the run says so by OwnFault::held_up, whatever
    /// the verdict; what that means for it is the observer's to judge.
    virtual void probed(std::uint64_t token, Outcome outcome) = 0;
};

struct ProbeRun {
    Millis timeout{5'000};  ///< One deadline for resolve, connect, TLS, write and read together.
    bool fresh{true};  ///< Do not use a kept connection (every retry after a failure is fresh).
    std::optional<SteadyTime> due{};  ///< When it was to start, for who counts how late it did.
};

/// One way of checking one target, prepared once and run again and again; at most one run at a
/// time. Loop thread only. Destroying it ends a run under way, whose observer is then never told.
class Probe {
public:
    virtual ~Probe() = default;

    /// Starts a run. `observer` is told exactly once, on the loop, never inside start(), at most
    /// `timeout` + 100 ms later. Whatever the target does is an outcome, never an error; what is
    /// our own failure has Verdict::not_counted. `observer` must outlive the run.
    virtual void start(ProbeRun const& run, ProbeObserver& observer, std::uint64_t token) = 0;

    /// Ends a run under way; its observer is never told. Nothing under way: nothing happens.
    virtual void cancel() = 0;
};

/// Makes probes of the kinds it knows. Must outlive them. Loop thread only.
class Prober {
public:
    virtual ~Prober() = default;

    /// `reuse`: consecutive runs may share a connection. Errors: Errc::unsupported names the kind;
    /// Errc::invalid says what of the spec cannot be used.
    [[nodiscard]] virtual Result<std::unique_ptr<Probe>> prepare(ProbeSpec const& spec,
                                                                 bool reuse) = 0;
};

}  // namespace muster
