#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <muster/api/message.hpp>
#include <muster/api/read_model.hpp>
#include <muster/api/router.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/codec/metrics_text.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/timers.hpp>
#include <muster/stats/figure_sheet.hpp>

namespace muster {

/// The hub's own `/metrics`, in the text format of Prometheus: what the hub's loop has counted
/// last, what the edge counts, and two series a service. Services are written some thousands at a
/// time, so that a scrape of the largest fleet holds up nobody; scrapes that come meanwhile get the
/// same text. Edge's loop only.
class MetricsPage {
public:
    /// What the edge itself has counted.
    using EdgeFigures = UniqueFunction<void(FigureSheet&)>;

    static constexpr std::size_t kServicesAtOnce = 2'000;

    /// All but the function must outlive the page.
    MetricsPage(ReadModel const& model, Clock const& clock, Timers& timers, EdgeFigures own);
    MetricsPage(MetricsPage const&) = delete;
    MetricsPage& operator=(MetricsPage const&) = delete;

    void answer(Reply reply);

private:
    /// The families of services, one after the other.
    enum class Part : std::uint8_t { status, uptime, done };

    void begin();
    void begin_part(Part part);
    void write_on();
    void finish();

    ReadModel const& model_;
    Clock const& clock_;
    EdgeFigures own_;
    std::vector<Reply> waiting_;  ///< Of the page that is being written.
    MetricsText text_;
    Part part_{Part::done};
    std::optional<ReadModel::ServicePlace> place_;  ///< The last service that was written.
    std::unique_ptr<Timer> timer_;                  // last: it calls back
};

/// GET /metrics
void add_metrics_route(Router& router, MetricsPage& page);

}  // namespace muster
