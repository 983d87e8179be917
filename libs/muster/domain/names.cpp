#include <muster/domain/names.hpp>

#include <algorithm>

#include <muster/base/ascii.hpp>

namespace muster {
namespace {

constexpr std::size_t kLongest = 100;

}  // namespace

bool is_valid_name(std::string_view name) noexcept {
    if (name.empty() || name.size() > kLongest || !is_alphanumeric(name.front())) {
        return false;
    }
    return std::all_of(name.begin(), name.end(), [](char character) {
        return is_alphanumeric(character) || character == '_' || character == '-';
    });
}

bool is_valid_project_name(std::string_view name) noexcept {
    return is_valid_name(name) && name != "status" &&
           !std::all_of(name.begin(), name.end(), is_digit);
}

}  // namespace muster
