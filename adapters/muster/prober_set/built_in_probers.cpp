#include <muster/prober_set/built_in_probers.hpp>

#include <algorithm>
#include <utility>

#include <muster/dns/dns_resolver.hpp>
#include <muster/http/http_client.hpp>
#include <muster/http/http_prober.hpp>
#include <muster/prober_set/prober_set.hpp>
#include <muster/runtime/descriptors.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/tcp/tcp_prober.hpp>

namespace muster {

namespace {

std::size_t share(std::size_t all, std::size_t shards) {
    return std::max<std::size_t>(1, all / shards);
}

DnsOptions dns_options(std::size_t shards) {
    DnsOptions options;
    options.max_questions = share(options.max_questions, shards);
    options.max_names = share(options.max_names, shards);
    return options;
}

HttpClientOptions http_options(std::size_t shards) {
    HttpClientOptions options;
    options.pool.max_idle = share(shares_of(descriptor_limit(), 0).idle_connections, shards);
    return options;
}

}  // namespace

struct BuiltInProbers::Impl {
    Impl(Loop& loop, Clock const& clock, std::size_t shards)
        : resolver(loop, clock, dns_options(shards)),
          http_client(loop, clock, resolver, http_options(shards)),
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

BuiltInProbers::BuiltInProbers(Loop& loop, Clock const& clock, std::size_t shards)
    : impl_(std::make_unique<Impl>(loop, clock, shards)) {}

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
