#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <muster/dns/dns_options.hpp>
#include <muster/ports/clock.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/tcp/resolver.hpp>

namespace muster {

/// Names by the hosts file and then by the machine's name servers, A and AAAA, without a thread.
/// Answers are kept as long as their TTL says; askers of one name share one question; a name
/// service that is silent delays its own names only, and is bridged by the last answer it gave. Of
/// two families the IPv4 addresses come first. Loop thread only.
class DnsResolver final : public Resolver {
public:
    /// Both must outlive the resolver. `clock` is what TTLs go by; what the loop waits for goes by
    /// the machine's own.
    DnsResolver(Loop& loop, Clock const& clock, DnsOptions options = {});
    ~DnsResolver() override;  ///< Ends all questions: the loop has nothing to wait for any more.
    DnsResolver(DnsResolver const&) = delete;
    DnsResolver& operator=(DnsResolver const&) = delete;

    [[nodiscard]] std::unique_ptr<Query> resolve(std::string const& host, Done done) override;
    [[nodiscard]] bool still_at(std::string const& host,
                                boost::asio::ip::address const& address) override;

    [[nodiscard]] std::size_t names_known() const noexcept;

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace muster
