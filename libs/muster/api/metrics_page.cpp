#include <muster/api/metrics_page.hpp>

#include <chrono>
#include <utility>

namespace muster {
namespace {

constexpr std::string_view kStatus = "muster_service_status";
constexpr std::string_view kUptime = "muster_service_uptime_percent";
/// Of one line of a service.
constexpr std::size_t kLineBytes = 90;
constexpr std::size_t kSheetBytes = 32'000;

/// Contract, section 4.
double status_number(HealthStatus status) noexcept {
    switch (status) {
        case HealthStatus::unknown:
            return 0;
        case HealthStatus::up:
            return 1;
        case HealthStatus::degraded:
            return 2;
        case HealthStatus::down:
            return 3;
    }
    return 0;
}

}  // namespace

MetricsPage::MetricsPage(ReadModel const& model, Clock const& clock, Timers& timers,
                         EdgeFigures own)
    : model_(model),
      clock_(clock),
      own_(std::move(own)),
      timer_(timers.make([this] { write_on(); })) {}

void MetricsPage::answer(Reply reply) {
    waiting_.push_back(std::move(reply));
    if (waiting_.size() == 1) {
        begin();
    }
}

void MetricsPage::begin() {
    FigureSheet sheet;
    if (auto const& hub = model_.figures()) {
        sheet = hub->sheet;
        auto const age = clock_.now().steady - hub->at;
        sheet.gauge("muster_hub_figures_age_seconds",
                    "How old the figures of the hub's loop are; it tells them every second.",
                    std::chrono::duration<double>(age).count());
    }
    sheet.gauge("muster_projects", "Projects that are watched.",
                static_cast<double>(model_.project_count()));
    own_(sheet);
    text_ = {};
    text_.reserve(kSheetBytes + 2 * model_.service_count() * kLineBytes);
    text_.sheet(sheet);
    begin_part(model_.service_count() > 0 ? Part::status : Part::done);
    write_on();
}

void MetricsPage::begin_part(Part part) {
    part_ = part;
    place_.reset();
    switch (part) {
        case Part::status:
            text_.family(kStatus, FigureType::gauge,
                         "Status of a service: 0 unknown, 1 up, 2 degraded, 3 down.");
            break;
        case Part::uptime:
            text_.family(kUptime, FigureType::gauge,
                         "Availability of a service over the last 24 hours, 0 to 100.");
            break;
        case Part::done:
            break;
    }
}

/// One slice; what is left comes when the loop has done what else is due.
void MetricsPage::write_on() {
    auto left = kServicesAtOnce;
    while (part_ != Part::done && left > 0) {
        bool const status = part_ == Part::status;
        place_ = model_.visit_services(place_, left, [&](ServiceView const& service) {
            --left;
            text_.figure(status ? kStatus : kUptime,
                         {{"project", service.project}, {"service", service.name}},
                         status ? status_number(service.status) : service.uptime_percent);
        });
        if (!place_) {
            begin_part(status ? Part::uptime : Part::done);
        }
    }
    if (part_ == Part::done) {
        finish();
    } else {
        timer_->arm(clock_.now().steady);
    }
}

void MetricsPage::finish() {
    auto const page = std::make_shared<std::string const>(text_.take());
    for (auto& reply : std::exchange(waiting_, {})) {
        Response response;
        response.content_type = MetricsText::kContentType;
        response.headers = "Cache-Control: no-cache\r\n";
        response.body.shared = page;
        reply(std::move(response));
    }
}

void add_metrics_route(Router& router, MetricsPage& page) {
    router.add_later(Method::get, "/metrics",
                     [&page](Request const&, Reply reply) { page.answer(std::move(reply)); });
}

}  // namespace muster
