#include <muster/http/http_metrics_source.hpp>

#include <utility>

#include <fmt/format.h>

#include <muster/codec/metrics_json.hpp>
#include <muster/http/http_client.hpp>

namespace muster {
namespace {

Result<MetricsSample> sample_of(HttpAnswer const& answer) {
    if (answer.failure) {
        auto const code =
            answer.failure->kind == Failure::Kind::timed_out ? Errc::timed_out : Errc::unavailable;
        return failure(code, answer.failure->text);
    }
    if (answer.head.status == 404) {
        return failure(Errc::not_found, "HTTP error: 404");
    }
    if (answer.head.status < 200 || answer.head.status > 299) {
        return failure(Errc::unavailable, fmt::format("HTTP error: {}", answer.head.status));
    }
    if (answer.body_is_cut) {
        return failure(Errc::invalid, fmt::format("metrics are longer than {} KiB",
                                                  HttpMetricsSource::kMaxBody / 1024));
    }
    return decode_metrics(answer.body);
}

class HttpMetricsFetch final : public MetricsFetch, private HttpExchangeObserver {
public:
    HttpMetricsFetch(HttpRequest request, MetricsSource::Done done)
        : request_(std::move(request)), done_(std::move(done)) {}
    ~HttpMetricsFetch() override {
        if (exchange_ != nullptr) {
            exchange_->cancel();
        }
    }
    HttpMetricsFetch(HttpMetricsFetch const&) = delete;
    HttpMetricsFetch& operator=(HttpMetricsFetch const&) = delete;

    void start(HttpClient& client, Millis timeout) {
        exchange_ = client.start(request_, timeout, true, *this);
    }

private:
    /// `done` may destroy the fetch.
    void exchanged(HttpAnswer const& answer) override {
        exchange_ = nullptr;
        auto done = std::move(done_);
        done(sample_of(answer));
    }

    HttpRequest const request_;
    MetricsSource::Done done_;
    HttpExchange* exchange_{nullptr};  // last: it calls back
};

/// Of a URL that cannot be asked.
class RefusedFetch final : public MetricsFetch {
public:
    explicit RefusedFetch(std::shared_ptr<MetricsSource::Done> done) : done_(std::move(done)) {}
    ~RefusedFetch() override { *done_ = nullptr; }
    RefusedFetch(RefusedFetch const&) = delete;
    RefusedFetch& operator=(RefusedFetch const&) = delete;

private:
    std::shared_ptr<MetricsSource::Done> done_;
};

}  // namespace

std::unique_ptr<MetricsFetch> HttpMetricsSource::fetch(Url const& url, Millis timeout, Done done) {
    auto request = client_.prepare(url, {.accept = "application/json", .max_body_kept = kMaxBody});
    if (!request) {
        auto shared = std::make_shared<Done>(std::move(done));
        loop_.post([shared, error = std::move(request.error())] {
            if (auto refused = std::exchange(*shared, nullptr)) {
                refused(tl::unexpected(error));
            }
        });
        return std::make_unique<RefusedFetch>(std::move(shared));
    }
    auto fetch = std::make_unique<HttpMetricsFetch>(std::move(*request), std::move(done));
    fetch->start(client_, timeout);
    return fetch;
}

}  // namespace muster
