// Whatever a project calls its metrics: they are read or refused with a reason, and what was read
// can be shown as JSON again with the same figures.

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <muster/codec/fleet_json.hpp>
#include <muster/codec/metrics_json.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const sample = muster::decode_metrics({reinterpret_cast<char const*>(data), size});
    if (!sample) {
        require(sample.error().code == muster::Errc::invalid && !sample.error().message.empty());
        return 0;
    }
    require(sample->api_usage.size() <= 1000);
    require(std::isfinite(sample->requests_per_second) && std::isfinite(sample->error_rate));
    std::string text;
    muster::append_project_metrics(text, "p", {muster::ProjectId{1}, {}, *sample});
    auto const shown = nlohmann::json::parse(text);
    require(shown.at("errorRate").get<double>() == sample->error_rate);
    require(shown.at("databaseQueryTime").get<double>() == sample->database_query_time_ms);
    require(shown.at("apiUsage").size() == sample->api_usage.size());
    for (auto const& [api, count] : sample->api_usage) {
        require(shown.at("apiUsage").at(api).get<double>() == count);
    }
    return 0;
}
