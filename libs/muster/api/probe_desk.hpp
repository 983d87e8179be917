#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include <muster/api/change_guard.hpp>
#include <muster/api/message.hpp>
#include <muster/api/router.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/inspector.hpp>

namespace muster {

/// Answers /probe: looks at whatever target is asked for and tells it as blackbox_exporter would.
/// Nothing of it reaches the fleet or its history. Edge's loop only.
class ProbeDesk {
public:
    struct Options {
        std::size_t at_once{128};  ///< Inspections under way; more are refused (503).
    };

    /// All must outlive the desk and what it has under way.
    ProbeDesk(Inspector& inspector, ChangeGuard const& guard, Clock const& clock)
        : ProbeDesk(inspector, guard, clock, {}) {}
    ProbeDesk(Inspector& inspector, ChangeGuard const& guard, Clock const& clock, Options options)
        : inspector_(inspector), guard_(guard), clock_(clock), options_(options) {}
    ~ProbeDesk() = default;
    ProbeDesk(ProbeDesk const&) = delete;
    ProbeDesk& operator=(ProbeDesk const&) = delete;

    /// Null: the answer was given already.
    [[nodiscard]] std::unique_ptr<Errand> answer(Request const& request, Reply reply);

    struct Counters {
        std::size_t under_way{0};
        std::uint64_t inspections{0};  ///< That were begun.
        std::uint64_t refused{0};      ///< Since too many were under way.
    };
    [[nodiscard]] Counters const& counters() const noexcept { return counters_; }

private:
    Inspector& inspector_;
    ChangeGuard const& guard_;
    Clock const& clock_;
    Options const options_;
    Counters counters_;
};

/// GET /probe
void add_probe_route(Router& router, ProbeDesk& desk);

}  // namespace muster
