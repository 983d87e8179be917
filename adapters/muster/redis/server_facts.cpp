#include <muster/redis/server_facts.hpp>

#include <charconv>

#include <muster/base/utf8.hpp>

namespace muster {
namespace {

constexpr int kOldestWhole = 7;
constexpr std::size_t kShownFactBytes = 60;

/// The value of `name:value` on a line of its own; empty: there is none.
std::string_view value_of(std::string_view info, std::string_view name) {
    while (!info.empty()) {
        auto const line = info.substr(0, info.find('\n'));
        info.remove_prefix(std::min(line.size() + 1, info.size()));
        if (line.substr(0, name.size()) == name && line.substr(name.size(), 1) == ":") {
            auto value = line.substr(name.size() + 1);
            if (!value.empty() && value.back() == '\r') {
                value.remove_suffix(1);
            }
            return value;
        }
    }
    return {};
}

}  // namespace

std::vector<std::string> warnings_about(std::string_view info) {
    std::vector<std::string> warnings;
    auto const policy = value_of(info, "maxmemory_policy");
    if (policy.substr(0, 8) == "allkeys-") {
        warnings.push_back("maxmemory-policy is " + clean_text(policy, kShownFactBytes) +
                           ": where memory is short Redis throws whole streams away; set it to "
                           "noeviction");
    }
    auto const version = value_of(info, "redis_version");
    int major = kOldestWhole;
    std::from_chars(version.data(), version.data() + version.size(), major);
    if (major < kOldestWhole) {
        warnings.push_back("Redis " + clean_text(version, kShownFactBytes) +
                           " does not count the entries of a stream: what is trimmed unread "
                           "stays unnoticed; take Redis 7");
    }
    return warnings;
}

}  // namespace muster
