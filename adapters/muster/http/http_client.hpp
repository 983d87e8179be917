#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include <muster/domain/probe_spec.hpp>
#include <muster/domain/tls_options.hpp>
#include <muster/http/connection_pool.hpp>
#include <muster/http/exchange.hpp>
#include <muster/http/request_text.hpp>
#include <muster/ports/clock.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/tcp/resolver.hpp>

namespace muster {

struct HttpClientOptions {
    HttpPoolOptions pool;
    std::string user_agent{"muster"};
};

/// The HTTP/1.1 client behind the prober and the metrics collector: one budget of kept connections,
/// one deadline wheel, and as many exchanges as ever ran at once. Loop thread only.
class HttpClient {
public:
    /// All must outlive the client.
    HttpClient(Loop& loop, Clock const& clock, Resolver& resolver, HttpClientOptions options = {});
    ~HttpClient();  ///< No request may be left, and no exchange be under way.
    HttpClient(HttpClient const&) = delete;
    HttpClient& operator=(HttpClient const&) = delete;

    struct Wanted {
        bool keep{false};
        std::string_view accept{"*/*"};
        std::size_t max_body_kept{64 * 1024};
        TlsOptions tls{};  ///< Of https.
        HttpMethod method{HttpMethod::get};
        std::span<HttpHeader const> headers{};  ///< Checked by check_headers().
        std::string_view body{};
        IpFamily ip{IpFamily::any};
        std::uint64_t max_body_read{kMostBodyRead};
        bool alone{false};  ///< Shares no connection and no TLS session with other requests.
    };

    /// A request to `url`. Errors: invalid, also of a host that is an address of the other family;
    /// unavailable, when TLS cannot be set up.
    [[nodiscard]] Result<HttpRequest> prepare(Url const& url, Wanted const& wanted);

    /// Sends it; `observer` is told exactly once, never inside start(). The exchange is the
    /// caller's to cancel until then, and must not be touched after. `request` must live as long.
    [[nodiscard]] HttpExchange* start(HttpRequest const& request, Millis timeout, bool fresh,
                                      HttpExchangeObserver& observer);

    [[nodiscard]] std::size_t idle_connections() const noexcept;

    [[nodiscard]] Clock const& clock() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
