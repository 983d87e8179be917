// What is read from targets and written for clients.

#include <cstddef>
#include <string>
#include <string_view>

#include <benchmark/benchmark.h>

#include <muster/codec/fleet_json.hpp>
#include <muster/codec/service_json.hpp>
#include <muster/domain/url.hpp>
#include <muster/http/answer_parser.hpp>
#include <muster/testing/journal_samples.hpp>

namespace muster {
namespace {

void parse_urls(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            parse_url("https://user:secret@service-17.shop.example:8443/api/v1/health?deep=1"));
    }
}
BENCHMARK(parse_urls);

void parse_answer(benchmark::State& state, std::string_view answer) {
    AnswerParser parser;
    std::size_t body = 0;
    for (auto _ : state) {
        parser.reset();
        for (auto left = answer; !parser.ended() && !left.empty();) {
            auto const fed = parser.feed(left);
            left.remove_prefix(fed.used);
            body += fed.body.size();
        }
    }
    if (parser.failed() || body == 0) {
        state.SkipWithError("the answer was not read");
    }
}
BENCHMARK_CAPTURE(parse_answer, with_length,
                  "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Sun, 22 Nov 2026 05:55:00 GMT\r\n"
                  "Content-Type: application/json\r\nContent-Length: 16\r\n"
                  "Cache-Control: no-store\r\n\r\n{\"status\":\"up\"}\n");
BENCHMARK_CAPTURE(parse_answer, chunked,
                  "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Sun, 22 Nov 2026 05:55:00 GMT\r\n"
                  "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "10\r\n{\"status\":\"up\"}\n\r\n0\r\n\r\n");

void write_service(benchmark::State& state) {
    Service service;
    service.id = {17};
    service.project_id = {3};
    service.spec = project_of("shop", *parse_url("http://127.0.0.1:3010")).services.front();
    ServiceView view;
    view.status = HealthStatus::up;
    view.last_check = testing::kSampleTime;
    view.response_time = 12ms;
    view.running = true;
    view.uptime_percent = 99.98;
    std::string text;
    for (auto _ : state) {
        text.clear();
        append_service(text, service, &view);
        benchmark::DoNotOptimize(text.data());
    }
    state.counters["bytes"] = static_cast<double>(text.size());
}
BENCHMARK(write_service);

void write_project_status(benchmark::State& state) {
    ProjectView project;
    project.name = "shop";
    project.status = HealthStatus::up;
    project.last_check = testing::kSampleTime;
    project.response_time = 12ms;
    project.running = true;
    project.uptime_percent = 99.98;
    std::string text;
    for (auto _ : state) {
        text.clear();
        append_status_member(text, project);
        benchmark::DoNotOptimize(text.data());
    }
    state.counters["bytes"] = static_cast<double>(text.size());
}
BENCHMARK(write_project_status);

}  // namespace
}  // namespace muster
