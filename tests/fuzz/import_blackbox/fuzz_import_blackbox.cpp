// Any bytes as the configurations of blackbox_exporter and Prometheus, split at the first NUL:
// refused with a place, or made into a file that our own reader takes, in bounded time.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <muster/base/utf8.hpp>
#include <muster/importing/import_blackbox.hpp>

namespace {

constexpr std::string_view kJobs =
    "scrape_configs: [ { job_name: j, metrics_path: /probe, params: { module: [m] }, "
    "static_configs: [ { targets: [ 'h:1' ] } ] } ]";
constexpr std::string_view kModules = "modules: { m: { prober: http }, n: { prober: tcp } }";

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

void check(std::string_view modules, std::string_view jobs) {
    auto const made = muster::importing::import_blackbox({modules, "b"}, {jobs, "p"});
    if (!made) {
        require(!made.error().empty());
        for (auto const& mistake : made.error()) {
            require(mistake.message.find("a bug of") == std::string::npos);
            require(muster::is_valid_utf8(to_text(mistake)));
        }
        return;
    }
    require(muster::is_valid_utf8(made->yaml));
    for (auto const& note : made->notes) {
        require(muster::is_valid_utf8(to_text(note)));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const split = std::min(text.find('\0'), text.size());
    check(text.substr(0, split), text.substr(std::min(split + 1, text.size())));
    check(text, kJobs);
    check(kModules, text);
    return 0;
}
