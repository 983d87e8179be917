#include <muster/importing/variable_names.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

namespace muster::importing {
namespace {

constexpr std::size_t kLongest = 80;

/// docs/configuration.md, "Environment".
constexpr std::array<std::string_view, 21> kOurs{"PORT",         "PROJECTS",    "HUB_ID",
                                                 "LOG_LEVEL",    "LOG_FORMAT",  "MUSTER_DATA_DIR",
                                                 "MUSTER_TOKEN", "MUSTER_URL",  "NODE_ENV",
                                                 "DATABASE_URL", "DB_HOST",     "DB_PORT",
                                                 "DB_USER",      "DB_PASSWORD", "DB_NAME",
                                                 "DB_POOL_MIN",  "DB_POOL_MAX", "REDIS_URL",
                                                 "REDIS_HOST",   "REDIS_PORT",  "REDIS_PASSWORD"};

/// Letters in upper case, digits; everything else becomes `_`.
std::string joined(std::vector<std::string_view> const& parts) {
    std::string name;
    for (auto const part : parts) {
        if (!name.empty() && name.back() != '_') {
            name += '_';
        }
        for (char const character : part) {
            bool const is_digit = character >= '0' && character <= '9';
            if (character >= 'a' && character <= 'z') {
                name += static_cast<char>(character - 'a' + 'A');
            } else if ((character >= 'A' && character <= 'Z') || is_digit) {
                name += character;
            } else if (!name.empty() && name.back() != '_') {
                name += '_';
            }
        }
    }
    name.resize(std::min(name.size(), kLongest));
    while (!name.empty() && name.back() == '_') {
        name.pop_back();
    }
    bool const can_start = !name.empty() && (name.front() < '0' || name.front() > '9');
    return can_start ? name : "SECRET_" + name;
}

}  // namespace

void VariableNames::reserve(std::string_view name) {
    taken_.emplace(name);
}

std::string VariableNames::name_for(std::string const& secret,
                                    std::vector<std::string_view> const& parts,
                                    std::string const& what) {
    if (auto const known = names_.find(secret); known != names_.end()) {
        return known->second;
    }
    auto const wanted = joined(parts);
    auto name = wanted;
    for (int number = 2; is_ours(name) || !taken_.insert(name).second; ++number) {
        name = wanted + "_" + std::to_string(number);
    }
    names_.emplace(secret, name);
    indexes_.emplace(name, secrets_.size());
    secrets_.push_back({name, secret, what, false});
    return name;
}

std::string const* VariableNames::secret_of(std::string_view name) const noexcept {
    auto const found = indexes_.find(name);
    return found == indexes_.end() ? nullptr : &secrets_[found->second].value;
}

bool is_ours(std::string_view variable) noexcept {
    return std::find(kOurs.begin(), kOurs.end(), variable) != kOurs.end();
}

std::vector<std::string> variables_in(std::string_view text) {
    std::vector<std::string> names;
    for (std::size_t at = text.find('$'); at < text.size(); at = text.find('$', at)) {
        if (text.substr(at, 3) == "$${") {
            at += 3;
            continue;
        }
        auto const end = text.find('}', at);
        if (text.substr(at, 2) == "${" && end != std::string_view::npos) {
            names.emplace_back(text.substr(at + 2, end - at - 2));
            at = end;
            continue;
        }
        ++at;
    }
    return names;
}

}  // namespace muster::importing
