#include <muster/codec/log_page.hpp>

#include <algorithm>
#include <cctype>

#include <nlohmann/json.hpp>

#include <muster/base/ascii.hpp>

namespace muster {
namespace {

using Json = nlohmann::ordered_json;

/// What is written again is written by recursion.
constexpr int kDeepest = 64;

bool has_level(Json const& entry, std::string_view level) {
    auto const found = entry.is_object() ? entry.find("level") : entry.end();
    return found != entry.end() && found->is_string() &&
           equal_ignoring_case(found->get_ref<std::string const&>(), level);
}

}  // namespace

Result<std::string> logs_of_level(std::string_view page, std::string_view level) {
    bool too_deep = false;
    auto const within_depth = [&too_deep](int depth, Json::parse_event_t /*event*/,
                                          Json& /*parsed*/) {
        too_deep = too_deep || depth > kDeepest;
        return !too_deep;
    };
    auto document = Json::parse(page, within_depth, false);
    if (too_deep) {
        return failure(Errc::invalid, "its logs are nested too deeply");
    }
    auto const logs = document.is_object() ? document.find("logs") : document.end();
    if (logs == document.end() || !logs->is_array()) {
        return failure(Errc::invalid, "its logs are no JSON object with a list 'logs'");
    }
    Json kept = Json::array();
    for (auto& entry : *logs) {
        if (has_level(entry, level)) {
            kept.push_back(std::move(entry));
        }
    }
    *logs = std::move(kept);
    return document.dump();
}

}  // namespace muster
