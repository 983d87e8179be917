// Whatever a project calls its log: a page is refused with a reason, or what is left of it is JSON
// with entries of the level that was asked for, and nothing else.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <nlohmann/json.hpp>

#include <muster/codec/log_page.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const page = muster::logs_of_level({reinterpret_cast<char const*>(data), size}, "info");
    if (!page) {
        require(page.error().code == muster::Errc::invalid && !page.error().message.empty());
        return 0;
    }
    auto const read = nlohmann::json::parse(*page);
    for (auto const& entry : read.at("logs")) {
        require(entry.at("level").get<std::string>().size() == 4);
    }
    require(muster::logs_of_level(*page, "INFO").value() == *page);
    return 0;
}
