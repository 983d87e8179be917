// The first line is a header X-Prometheus-Scrape-Timeout-Seconds, the rest the target of a request
// of /probe: refused in words that can be shown, or bounded; what is asked for ends up in no label.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <muster/api/probe_question.hpp>
#include <muster/api/target.hpp>
#include <muster/base/utf8.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const line = std::min(text.find('\n'), text.size());
    auto const timeout = muster::read_probe_timeout(text.substr(0, line));
    if (timeout) {
        require(*timeout >= muster::Millis(1) && *timeout <= muster::kLongestProbe);
    } else {
        require(muster::is_valid_utf8(timeout.error().message));
    }
    auto const target = muster::parse_target(text.substr(std::min(line + 1, text.size())));
    if (!target) {
        return 0;
    }
    auto const question = muster::read_probe_question(*target);
    if (!question) {
        require(!question.error().message.empty());
        require(muster::is_valid_utf8(question.error().message));
        return 0;
    }
    require(!question->spec.target.empty());
    require(question->spec.module == muster::InspectionModule::http_2xx ||
            question->spec.hostname.empty());
    return 0;
}
