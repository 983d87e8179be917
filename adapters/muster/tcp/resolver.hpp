#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <tl/expected.hpp>

#include <muster/base/time.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/tcp/failure.hpp>

namespace muster {

/// The addresses of a name, in the order in which they are to be tried; never empty.
using Addresses = std::vector<boost::asio::ip::address>;

/// What a name resolves to.
struct ResolvedName {
    Addresses addresses;
    /// Set: the name service does not answer, and this is what it said so long ago.
    std::optional<Millis> stale_age;
    /// The name service told the addresses of one family and nothing about the other: that there
    /// are none of it is not known.
    bool partial{false};
};

/// Turns names into addresses. Names are in lower case. Loop thread only.
class Resolver {
public:
    virtual ~Resolver() = default;

    /// Destroying it ends the question; its `done` then never runs. May outlive the resolver.
    class Query {
    public:
        virtual ~Query() = default;
    };

    using Done = UniqueFunction<void(tl::expected<ResolvedName, Failure>)>;

    /// `done` runs exactly once, on the loop, never inside resolve(). There is no deadline here:
    /// the asker destroys the query when it has waited long enough. A name that does not exist is
    /// the target's failure; a resolver that cannot be asked is ours.
    [[nodiscard]] virtual std::unique_ptr<Query> resolve(std::string const& host, Done done) = 0;

    /// Whether a connection to `address`, made for `host`, still goes where it should: false once a
    /// newer answer does not name the address, unless it says nothing about the address's family.
    /// Asks anew by itself when the answer's time is over.
    [[nodiscard]] virtual bool still_at(std::string const& host,
                                        boost::asio::ip::address const& address) = 0;
};

}  // namespace muster
