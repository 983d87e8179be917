#pragma once

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ip/address.hpp>
#include <tl/expected.hpp>

#include <muster/base/time.hpp>
#include <muster/domain/inspection.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/inspector.hpp>
#include <muster/ports/prober.hpp>
#include <muster/ports/timers.hpp>
#include <muster/tcp/resolver.hpp>

namespace muster {

class HttpAuthority;
class HttpClient;

/// What all inspections use; outlives them.
struct InspectionParts {
    Timers& timers;
    Clock const& clock;
    Resolver& resolver;
    HttpClient& http;
    Prober& tcp;
    /// The last one of https. As long as one is held, the system's authorities need not be read
    /// again.
    std::shared_ptr<HttpAuthority> last_secure{};
};

/// What inspections of all kinds do alike: the target's name becomes one address, by the rule of
/// preferred_address(); there is one deadline; the findings are told once.
class InspectionRun : public Inspection {
public:
    InspectionRun(InspectionRun const&) = delete;
    InspectionRun& operator=(InspectionRun const&) = delete;

protected:
    InspectionRun(InspectionParts& parts, Millis timeout, Inspector::Done done);
    ~InspectionRun() override = default;

    /// Asks for the address of `host`, a name in lower case or an address without brackets. Then
    /// go_to() is called, never inside this; where there is none, the inspection ends.
    void look_up(std::string host);

    /// Ends it on the loop's next turn: there is nothing to look up.
    void end_soon(std::string error);

    virtual void go_to(boost::asio::ip::address const& address) = 0;

    /// Tells the findings, which may destroy the object: nothing of it may be touched after.
    void finish();

    [[nodiscard]] Millis time_left() const;

    InspectionParts& parts_;
    Findings findings_;

private:
    void due();
    void resolved(tl::expected<ResolvedName, Failure> answer);
    void found(boost::asio::ip::address const& address);
    void not_found(std::string error);
    [[nodiscard]] Micros elapsed() const;

    SteadyTime const started_;
    SteadyTime const deadline_;
    Inspector::Done done_;
    std::string host_;
    std::optional<boost::asio::ip::address> spelled_;  ///< The host is an address.
    bool ends_{false};
    std::unique_ptr<Timer> const timer_;  // last: they call back
    std::unique_ptr<Resolver::Query> query_;
};

}  // namespace muster
