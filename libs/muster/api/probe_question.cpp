#include <muster/api/probe_question.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>

#include <muster/api/query_reader.hpp>
#include <muster/base/utf8.hpp>
#include <muster/domain/url.hpp>

namespace muster {
namespace {

constexpr std::size_t kShownBytes = 100;

std::string_view first(Target const& target, std::string_view name) {
    auto const found =
        std::find_if(target.query.begin(), target.query.end(),
                     [name](QueryParameter const& parameter) { return parameter.name == name; });
    return found != target.query.end() ? std::string_view(found->value) : std::string_view();
}

/// `name` or `name:port`, as a Host header has it.
bool is_host(std::string_view text) {
    return parse_host_port(text).has_value() ||
           parse_host_port(std::string(text) + ":80").has_value();
}

}  // namespace

Result<ProbeQuestion> read_probe_question(Target const& target) {
    ProbeQuestion question;
    question.debug = first(target, "debug") == "true";
    if (auto const module = first(target, "module"); !module.empty()) {
        auto const known = parse_enum<InspectionModule>(module);
        if (!known) {
            return failure(Errc::invalid, "Unknown module \"" + clean_text(module, kShownBytes) +
                                              "\": there are http_2xx and tcp_connect");
        }
        question.spec.module = *known;
    }
    question.spec.target = first(target, "target");
    if (question.spec.target.empty()) {
        return failure(Errc::invalid, "Target parameter is missing");
    }
    if (question.spec.module == InspectionModule::http_2xx) {
        question.spec.hostname = first(target, "hostname");
        if (!question.spec.hostname.empty() && !is_host(question.spec.hostname)) {
            return failure(Errc::invalid, "hostname must be a name, or name:port, not " +
                                              in_quotes(question.spec.hostname));
        }
    }
    return question;
}

Result<Millis> read_probe_timeout(std::string_view header) {
    constexpr double kMargin = 0.5;
    if (header.empty()) {
        return kLongestProbe;
    }
    double seconds = 0;
    auto const* const end = header.data() + header.size();
    auto const [stopped, error] = std::from_chars(header.data(), end, seconds);
    bool const is_number = error == std::errc() && stopped == end;
    if (!is_number || !(seconds >= 0)) {
        return failure(Errc::invalid,
                       "X-Prometheus-Scrape-Timeout-Seconds must be a number of seconds, not " +
                           in_quotes(header));
    }
    if (seconds == 0) {
        return kLongestProbe;
    }
    auto const longest = static_cast<double>(kLongestProbe.count());
    auto const millis = std::min((seconds - kMargin) * 1'000, longest);
    return Millis(static_cast<std::int64_t>(std::max(millis, 1.0)));
}

}  // namespace muster
