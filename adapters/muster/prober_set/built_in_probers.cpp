#include <muster/prober_set/built_in_probers.hpp>

#include <utility>

#include <muster/dns/dns_resolver.hpp>
#include <muster/http/http_client.hpp>
#include <muster/http/http_prober.hpp>
#include <muster/prober_set/prober_set.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/tcp/tcp_prober.hpp>

namespace muster {

struct BuiltInProbers::Impl {
    Impl(Loop& loop, Clock const& clock)
        : resolver(loop, clock),
          http_client(loop, clock, resolver),
          http(http_client),
          tcp(loop, clock, resolver) {
        all.add("http", http);
        all.add("tcp", tcp);
    }

    DnsResolver resolver;
    HttpClient http_client;
    HttpProber http;
    TcpProber tcp;
    ProberSet all;
};

BuiltInProbers::BuiltInProbers(Loop& loop, Clock const& clock)
    : impl_(std::make_unique<Impl>(loop, clock)) {}

BuiltInProbers::~BuiltInProbers() = default;

void BuiltInProbers::add(std::string kind, Prober& prober) {
    impl_->all.add(std::move(kind), prober);
}

Result<std::unique_ptr<Probe>> BuiltInProbers::prepare(ProbeSpec const& spec, bool reuse) {
    return impl_->all.prepare(spec, reuse);
}

HttpClient& BuiltInProbers::http_client() const noexcept {
    return impl_->http_client;
}

}  // namespace muster
