#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include <muster/domain/outcome.hpp>
#include <muster/ports/clock.hpp>
#include <muster/tcp/deadline_wheel.hpp>
#include <muster/tcp/destination.hpp>
#include <muster/tcp/failure.hpp>
#include <muster/tcp/resolver.hpp>
#include <muster/tcp/tcp_stream.hpp>

namespace muster {

/// What all connections of a prober share. All of it must outlive them.
struct TcpTransport {
    Clock const& clock;
    DeadlineWheel& deadlines;
    Resolver& resolver;
    TcpStreamPool& streams;
};

/// Told how a TcpDial ended; may destroy it.
class TcpDialObserver {
public:
    virtual void dialed(TcpStreamPtr stream) = 0;
    virtual void dial_failed(Failure failure) = 0;

    /// No descriptors are left: gives some back if it can, and says whether to try again.
    [[nodiscard]] virtual bool make_room() { return false; }

protected:
    ~TcpDialObserver() = default;
};

/// Makes one connection: resolves the name, then tries its addresses in order. With several left,
/// each gets an even share of the time that remains, so that a silent one does not use up all of
/// it. The deadline of the last one is the owner's to watch. Used again and again; loop thread
/// only.
class TcpDial final : private TcpStreamUser, private DeadlineWheel::Entry {
public:
    TcpDial(TcpTransport& transport, TcpDialObserver& observer)
        : transport_(transport), observer_(observer) {}
    ~TcpDial() override { cancel(); }
    TcpDial(TcpDial const&) = delete;
    TcpDial& operator=(TcpDial const&) = delete;

    /// The observer is told exactly once, never inside start(). `destination` must live until then.
    void start(Destination const& destination, SteadyTime now, SteadyTime deadline);

    /// Ends it at once; the observer is never told.
    void cancel() noexcept;

    /// The name service has been asked and has not answered.
    [[nodiscard]] bool resolving() const noexcept { return query_ != nullptr; }

    /// What it is at, for people: `resolving the name`, `connecting`.
    [[nodiscard]] std::string_view stage() const noexcept {
        return query_ ? "resolving the name" : "connecting";
    }

    /// Set: the name service did not answer, and the addresses are what it said so long ago.
    [[nodiscard]] std::optional<Millis> stale_age() const noexcept { return stale_age_; }

    [[nodiscard]] Micros dns_time() const noexcept { return dns_time_; }
    [[nodiscard]] Micros connect_time() const noexcept { return connect_time_; }

private:
    void ready() override;
    void deadline_passed() override;

    void resolved(tl::expected<ResolvedName, Failure> answer);
    void connect_next(SteadyTime now);
    void address_failed(Failure failure);
    void drop_stream() noexcept;
    [[nodiscard]] std::span<boost::asio::ip::address const> addresses() const noexcept;

    TcpTransport& transport_;
    TcpDialObserver& observer_;

    Destination const* destination_{nullptr};
    SteadyTime deadline_{};
    SteadyTime phase_started_{};
    Micros dns_time_{Phases::kNone};
    Micros connect_time_{Phases::kNone};
    Addresses resolved_;
    std::optional<Millis> stale_age_;
    std::size_t next_address_{0};
    std::optional<Failure> failure_;  ///< The most telling one so far.
    int connect_error_{0};
    TcpStreamPtr stream_;
    std::unique_ptr<Resolver::Query> query_;
};

}  // namespace muster
