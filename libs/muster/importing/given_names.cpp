#include <muster/importing/given_names.hpp>

#include <algorithm>
#include <cstddef>

#include <muster/base/ascii.hpp>

namespace muster::importing {
namespace {

constexpr std::size_t kLongest = 100;
constexpr std::size_t kRoomForNumber = 12;

bool all_digits(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string as_name(std::string_view text) {
    std::string name;
    bool gap = false;
    for (char const character : text) {
        bool const is_mark = character == '_' || character == '-';
        if (!is_alphanumeric(character) && !is_mark) {
            gap = true;
            continue;
        }
        if (name.empty() && is_mark) {
            continue;
        }
        if (gap && !name.empty() && name.back() != '-' && character != '-') {
            name += '-';
        }
        gap = false;
        name += character;
    }
    name.resize(std::min(name.size(), kLongest));
    while (!name.empty() && name.back() == '-') {
        name.pop_back();
    }
    return name;
}

std::string GivenNames::give(std::string_view text) {
    auto name = as_name(text);
    if (name.empty()) {
        name = nameless_;
    } else if (of_ == NameOf::project && all_digits(name)) {
        name = nameless_ + "-" + name.substr(0, kLongest - kRoomForNumber - nameless_.size());
    }
    if (given_.insert(name).second) {
        return name;
    }
    name.resize(std::min(name.size(), kLongest - kRoomForNumber));
    auto& number = next_.try_emplace(name, 2).first->second;
    while (true) {
        auto numbered = name + "-" + std::to_string(number++);
        if (given_.insert(numbered).second) {
            return numbered;
        }
    }
}

}  // namespace muster::importing
