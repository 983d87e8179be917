#pragma once

#include <optional>
#include <string>
#include <utility>

#include <boost/asio/ip/address.hpp>

#include <muster/http/exchange.hpp>
#include <muster/http/inspection_run.hpp>
#include <muster/http/redirect.hpp>
#include <muster/http/secrets.hpp>

namespace muster {

/// A GET as the module http_2xx of blackbox_exporter sends it: to one address, behind up to ten
/// redirects, each over a connection and with a TLS handshake of its own; 200-299 passes.
class HttpInspection final : public InspectionRun, private HttpExchangeObserver {
public:
    static constexpr std::uint32_t kMostRedirects = 10;
    /// Of a longer body the rest is not read.
    static constexpr std::uint64_t kMostBody = 256U << 20U;

    HttpInspection(InspectionParts& parts, Millis timeout, Inspector::Done done)
        : InspectionRun(parts, timeout, std::move(done)) {}
    ~HttpInspection() override;
    HttpInspection(HttpInspection const&) = delete;
    HttpInspection& operator=(HttpInspection const&) = delete;

    void start(InspectionSpec const& spec);

private:
    void go_to(boost::asio::ip::address const& address) override;
    void send(RequestSpec const& request);
    void exchanged(HttpAnswer const& answer) override;
    void handshaken(TlsStream const& stream) override;
    void add_up(HttpAnswer const& answer);
    [[nodiscard]] bool follow(HttpAnswer const& answer);
    void tell(HttpAnswer const& answer);

    RequestSpec spec_;                ///< What is asked, as it was meant.
    std::optional<Secrets> secrets_;  ///< Of the target.
    HttpRequest request_;             ///< The same, as it is sent.
    std::optional<TlsFindings> tls_;
    HttpExchange* exchange_{nullptr};  // last: it calls back
};

}  // namespace muster
