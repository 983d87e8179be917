#include <muster/http/http_client.hpp>

#include <array>
#include <cassert>
#include <utility>
#include <vector>

namespace muster {

struct HttpClient::Impl {
    Impl(Loop& loop, Clock const& clock, Resolver& resolver, HttpClientOptions given)
        : options(std::move(given)),
          deadlines(loop, clock),
          streams(loop.context()),
          transport{clock, deadlines, resolver, streams},
          tls(clock),
          connections(streams, resolver, tls, options.pool),
          shared{transport, connections, *read_buffer, idle} {}

    [[nodiscard]] HttpExchange& take_exchange() {
        if (idle.empty()) {
            exchanges.push_back(std::make_unique<HttpExchange>(shared));
            idle.reserve(exchanges.size());
            return *exchanges.back();
        }
        auto& exchange = *idle.back();
        idle.pop_back();
        return exchange;
    }

    HttpClientOptions const options;
    DeadlineWheel deadlines;
    TcpStreamPool streams;
    TcpTransport transport;
    TlsPeers tls;
    HttpConnectionPool connections;
    std::unique_ptr<std::array<char, HttpExchangeShared::kReadSize>> read_buffer{
        std::make_unique<std::array<char, HttpExchangeShared::kReadSize>>()};
    std::vector<HttpExchange*> idle;
    HttpExchangeShared shared;
    std::vector<std::unique_ptr<HttpExchange>> exchanges;  // last: they use all of it
};

HttpClient::HttpClient(Loop& loop, Clock const& clock, Resolver& resolver,
                       HttpClientOptions options)
    : impl_(std::make_unique<Impl>(loop, clock, resolver, std::move(options))) {}

HttpClient::~HttpClient() {
    assert(impl_->idle.size() == impl_->exchanges.size() && "an exchange is under way");
}

Result<HttpRequest> HttpClient::prepare(Url const& url, Wanted const& wanted) {
    bool const known_scheme = url.scheme == "http" || url.scheme == "https";
    if (!known_scheme || url.host.empty() || url.port == 0 || url.target.empty()) {
        return failure(Errc::invalid, "want an absolute URL: http://host:port/path or https://...");
    }
    if (auto fits = check_family(url.host, wanted.ip); !fits) {
        return tl::unexpected(std::move(fits.error()));
    }
    auto authority = wanted.alone ? impl_->connections.own_authority(url, wanted.tls, wanted.ip)
                                  : impl_->connections.authority(url, wanted.tls, wanted.ip);
    if (!authority) {
        return tl::unexpected(std::move(authority.error()));
    }
    RequestOptions const options{.keep = wanted.keep,
                                 .accept = wanted.accept,
                                 .user_agent = impl_->options.user_agent,
                                 .method = wanted.method,
                                 .headers = wanted.headers,
                                 .body = wanted.body};
    return HttpRequest{.authority = *std::move(authority),
                       .bytes = request_text(url, options),
                       .keep = wanted.keep,
                       .is_head = wanted.method == HttpMethod::head,
                       .max_body_kept = wanted.max_body_kept,
                       .max_body_read = wanted.max_body_read};
}

HttpExchange* HttpClient::start(HttpRequest const& request, Millis timeout, bool fresh,
                                HttpExchangeObserver& observer) {
    auto& exchange = impl_->take_exchange();
    exchange.start(request, timeout, fresh, observer);
    return &exchange;
}

std::size_t HttpClient::idle_connections() const noexcept {
    return impl_->connections.idle_count();
}

Clock const& HttpClient::clock() const noexcept {
    return impl_->transport.clock;
}

}  // namespace muster
