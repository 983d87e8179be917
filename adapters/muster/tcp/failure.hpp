#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <muster/base/time.hpp>
#include <muster/domain/outcome.hpp>
#include <muster/domain/probe_spec.hpp>

namespace muster {

/// Why an attempt to reach a target ended without an answer.
struct Failure {
    enum class Kind : std::uint8_t {
        target,     ///< The target's doing.
        ours,       ///< This machine's: no evidence about the target.
        timed_out,  ///< The deadline passed: the target's doing.
    };

    Kind kind{Kind::target};
    std::string text;  ///< In the contract's words: `connection refused`.
    /// Of ours: what failed here. Of the target's: what here may be the reason all the same.
    OwnFault own{OwnFault::none};
};

[[nodiscard]] inline Verdict verdict_of(Failure const& failure) noexcept {
    return failure.kind == Failure::Kind::ours ? Verdict::not_counted : Verdict::failed;
}

/// Puts verdict, words and whose fault it is into an outcome.
void put_failure(Outcome& outcome, Failure const& failure);

/// What an errno of socket() or connect() says. What this machine lacks (descriptors, memory, a
/// route, a local port, permission) is ours; whatever else, the target's.
[[nodiscard]] Failure connect_failure(int error);

/// Of a connection that was open: `connection reset after 12 bytes`, `connection closed after …`.
[[nodiscard]] Failure reset_failure(int error, std::uint64_t bytes);
[[nodiscard]] Failure closed_failure(std::uint64_t bytes);

/// `timed out after 5000 ms`.
[[nodiscard]] Failure timeout_failure(Millis timeout);

/// The name service did not answer in time: no word about the target, so the failure is ours.
[[nodiscard]] Failure resolver_timeout_failure(Millis timeout);

[[nodiscard]] Failure name_failure(std::string_view host);

/// The name exists, without any address.
[[nodiscard]] Failure no_address_failure(std::string_view host);

/// `name from a stale answer, 42 s old`.
[[nodiscard]] std::string stale_name_note(Millis age);

/// `example.org has no IPv6 address`.
[[nodiscard]] Failure family_failure(std::string_view host, IpFamily ip);

/// The name service left open whether there is one, so the failure is ours.
[[nodiscard]] Failure family_unknown_failure(std::string_view host, IpFamily ip);

/// `IPv4`, `IPv6`; `IP` of any.
[[nodiscard]] std::string_view name_of(IpFamily ip) noexcept;

/// True for errors that go away when descriptors are given back.
[[nodiscard]] bool is_out_of_descriptors(int error) noexcept;

}  // namespace muster
