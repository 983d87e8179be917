#include <muster/api/probe_desk.hpp>

#include <string>
#include <string_view>
#include <utility>

#include <muster/api/answers.hpp>
#include <muster/api/probe_question.hpp>
#include <muster/codec/findings_text.hpp>
#include <muster/codec/metrics_text.hpp>

namespace muster {
namespace {

constexpr std::string_view kPlainText = "text/plain; charset=utf-8";

Response text_response(unsigned status, std::string_view type, std::string text) {
    Response response;
    response.status = status;
    response.content_type = type;
    response.headers = "Cache-Control: no-cache\r\n";
    response.body.head = std::move(text);
    return response;
}

Response refuse_question(std::string problem) {
    return text_response(400, kPlainText, std::move(problem) + '\n');
}

std::string report_of(InspectionModule module, Millis timeout, Findings const& findings,
                      std::string const& metrics) {
    std::string text = "module: ";
    text += to_string(module);
    text += "\ntimeout: " + std::to_string(timeout.count()) + " ms\nresult: ";
    text += findings.passed ? "passed" : "failed";
    text += findings.error.empty() ? "" : ": " + findings.error;
    return text + "\n\nMetrics that would have been returned:\n" + metrics;
}

/// As long as it lives it counts as under way.
class ProbeErrand final : public Errand {
public:
    explicit ProbeErrand(std::size_t& under_way) : under_way_(under_way) { ++under_way_; }
    ~ProbeErrand() override { --under_way_; }
    ProbeErrand(ProbeErrand const&) = delete;
    ProbeErrand& operator=(ProbeErrand const&) = delete;

    void hold(std::unique_ptr<Inspection> inspection) { inspection_ = std::move(inspection); }

private:
    std::size_t& under_way_;
    std::unique_ptr<Inspection> inspection_;
};

}  // namespace

std::unique_ptr<Errand> ProbeDesk::answer(Request const& request, Reply reply) {
    auto const now = clock_.now().wall;
    if (auto refused = guard_.refuse_probe(request, now)) {
        reply(std::move(*refused));
        return nullptr;
    }
    auto question = read_probe_question(request.target);
    if (!question) {
        reply(refuse_question(std::move(question.error().message)));
        return nullptr;
    }
    auto timeout = read_probe_timeout(request.scrape_timeout);
    if (!timeout) {
        reply(refuse_question(std::move(timeout.error().message)));
        return nullptr;
    }
    if (counters_.under_way >= options_.at_once) {
        ++counters_.refused;
        auto response = refuse(503, "too many probes are under way, try again", now);
        response.add_header("Retry-After", "1");
        reply(std::move(response));
        return nullptr;
    }
    ++counters_.inspections;
    auto errand = std::make_unique<ProbeErrand>(counters_.under_way);
    errand->hold(inspector_.inspect(
        question->spec, *timeout,
        [module = question->spec.module, debug = question->debug, timeout = *timeout,
         reply = std::move(reply)](Findings findings) mutable {
            auto text = findings_text(findings);
            reply(debug ? text_response(200, kPlainText, report_of(module, timeout, findings, text))
                        : text_response(200, MetricsText::kContentType, std::move(text)));
        }));
    return errand;
}

void add_probe_route(Router& router, ProbeDesk& desk) {
    router.add_errand(Method::get, "/probe", [&desk](Request const& request, Reply reply) {
        return desk.answer(request, std::move(reply));
    });
}

}  // namespace muster
