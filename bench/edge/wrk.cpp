#include "wrk.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <support/child.hpp>

namespace muster::bench {
namespace {

/// The text behind a mark, without leading blanks; empty where there is none.
std::string behind(std::string const& output, std::string_view mark) {
    auto const at = output.find(mark);
    if (at == std::string::npos) {
        return {};
    }
    auto const begin = output.find_first_not_of(' ', at + mark.size());
    return output.substr(begin, output.find('\n', begin) - begin);
}

/// `11.05ms`, `812.00us`, `1.20s`, `1.10m`.
double millis_from(std::string const& text) {
    char* end = nullptr;
    auto const value = std::strtod(text.c_str(), &end);
    for (auto const& [unit, millis] :
         {std::pair<std::string_view, double>("us", 1e-3), {"ms", 1}, {"s", 1e3}, {"m", 60e3}}) {
        if (unit == end) {
            return value * millis;
        }
    }
    throw std::runtime_error("wrk: no latency: '" + text + "'");
}

/// What `wrk --latency` prints. Throws std::runtime_error where connections broke.
ClosedLoop read_wrk(std::string const& output) {
    if (auto const broken = behind(output, "Socket errors:"); !broken.empty()) {
        throw std::runtime_error("wrk: " + broken);
    }
    ClosedLoop seen;
    seen.refused = std::strtod(behind(output, "Non-2xx or 3xx responses:").c_str(), nullptr);
    auto const rate = std::strtod(behind(output, "Requests/sec:").c_str(), nullptr);
    auto const end = output.find(" requests in ");
    if (end == std::string::npos || rate <= 0) {
        throw std::runtime_error("wrk: " + output);
    }
    auto const asked = std::strtod(output.c_str() + output.rfind('\n', end) + 1, nullptr);
    seen.answers = asked - seen.refused;
    seen.rate = rate * seen.answers / asked;
    // Not the end of a share as `91.99%`.
    seen.most_millis = millis_from(behind(output, " 99%"));
    return seen;
}

}  // namespace

ClosedLoop run_wrk(std::uint16_t port, std::string const& path, std::size_t connections,
                   double seconds) {
    Child wrk({"wrk", "-t1", fmt::format("-c{}", connections), fmt::format("-d{:.0f}s", seconds),
               "--timeout=30s", "--latency", fmt::format("http://127.0.0.1:{}{}", port, path)});
    auto const output = wrk.read_to_end();
    if (wrk.wait() != 0) {
        throw std::runtime_error("wrk did not run: " + output);
    }
    return read_wrk(output);
}

}  // namespace muster::bench
