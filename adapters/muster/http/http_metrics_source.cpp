#include <muster/http/http_metrics_source.hpp>

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <muster/codec/metrics_json.hpp>
#include <muster/codec/series_readings.hpp>
#include <muster/http/http_client.hpp>
#include <muster/http/secrets.hpp>

namespace muster {
namespace {

constexpr std::string_view kAcceptFigures = "application/json";
constexpr std::string_view kAcceptSeries =
    "text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.9,"
    "application/json;q=0.5";

/// By the content type. A JSON object that is sent as plain text is one all the same: no line of
/// the Prometheus format begins with a brace.
bool is_exposition(HttpAnswer const& answer) {
    if (answer.head.is_openmetrics) {
        return true;
    }
    auto const start = answer.body.find_first_not_of(" \t\r\n");
    return answer.head.is_plain_text &&
           (start == std::string_view::npos || answer.body[start] != '{');
}

Result<MetricsAnswer> read_body(HttpAnswer const& answer, MetricsMap const& map) {
    if (!is_exposition(answer)) {
        return decode_metrics(answer.body);
    }
    if (map.empty()) {
        return failure(Errc::invalid,
                       "they are Prometheus text: say in metricsMap which series are meant");
    }
    return read_series(
        answer.body,
        answer.head.is_openmetrics ? ExpositionFormat::openmetrics : ExpositionFormat::prometheus,
        map);
}

Result<MetricsAnswer> answer_of(HttpAnswer const& answer, MetricsMap const& map) {
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
    return read_body(answer, map);
}

class HttpMetricsFetch final : public MetricsFetch, private HttpExchangeObserver {
public:
    HttpMetricsFetch(HttpRequest request, Secrets secrets, MetricsMap const& map,
                     MetricsSource::Done done)
        : request_(std::move(request)),
          secrets_(std::move(secrets)),
          map_(map),
          done_(std::move(done)) {}
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
        auto result = answer_of(answer, map_);
        if (!result) {
            secrets_.hide_in(result.error().message);
        }
        done(std::move(result));
    }

    HttpRequest const request_;
    Secrets const secrets_;
    MetricsMap const& map_;
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

std::unique_ptr<MetricsFetch> HttpMetricsSource::fetch(Request const& wanted, Done done) {
    auto const accept = wanted.map.empty() ? kAcceptFigures : kAcceptSeries;
    auto request = client_.prepare(wanted.url, {.accept = accept, .max_body_kept = kMaxBody});
    if (!request) {
        auto shared = std::make_shared<Done>(std::move(done));
        loop_.post([shared, error = std::move(request.error())] {
            if (auto refused = std::exchange(*shared, nullptr)) {
                refused(tl::unexpected(error));
            }
        });
        return std::make_unique<RefusedFetch>(std::move(shared));
    }
    auto fetch = std::make_unique<HttpMetricsFetch>(std::move(*request), Secrets(wanted.url),
                                                    wanted.map, std::move(done));
    fetch->start(client_, wanted.timeout);
    return fetch;
}

}  // namespace muster
