#pragma once

#include <cstddef>
#include <memory>

#include <muster/ports/metrics_source.hpp>
#include <muster/runtime/loop.hpp>

namespace muster {

class HttpClient;

/// Collects figures by a GET, over a connection of its own each time: JSON, or the text of
/// Prometheus by its content type. Loop thread only.
class HttpMetricsSource final : public MetricsSource {
public:
    static constexpr std::size_t kMaxBody = 1024 * 1024;

    /// Both must outlive the source; `client` its fetches too.
    HttpMetricsSource(Loop& loop, HttpClient& client) : loop_(loop), client_(client) {}

    [[nodiscard]] std::unique_ptr<MetricsFetch> fetch(Request const& wanted, Done done) override;

private:
    Loop& loop_;
    HttpClient& client_;
};

}  // namespace muster
