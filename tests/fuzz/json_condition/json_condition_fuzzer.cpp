// The first line is a field, the rest a body: whatever both hold, a condition on the field is
// refused, or holds exactly where a whole document tree says so.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <muster/base/utf8.hpp>
#include <muster/codec/json_conditions.hpp>

namespace {

using muster::JsonCondition;
using muster::JsonConditions;
using muster::JsonTest;

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

/// Whether an object of the text names a key twice: of that a tree keeps only one.
bool has_key_twice(std::string_view text) {
    std::vector<std::set<std::string>> keys;
    bool twice = false;
    auto const see = [&](int /*depth*/, nlohmann::json::parse_event_t event,
                         nlohmann::json& parsed) {
        if (event == nlohmann::json::parse_event_t::object_start) {
            keys.emplace_back();
        } else if (event == nlohmann::json::parse_event_t::object_end) {
            keys.pop_back();
        } else if (event == nlohmann::json::parse_event_t::key) {
            twice = !keys.back().insert(parsed.get<std::string>()).second || twice;
        }
        return true;
    };
    return nlohmann::json::parse(text, see, false).is_discarded() || twice;
}

nlohmann::json const* find(nlohmann::json const& document, std::string_view field) {
    auto const* at = &document;
    while (true) {
        auto const dot = std::min(field.find('.'), field.size());
        std::string const name(field.substr(0, dot));
        if (at->is_object() && at->contains(name)) {
            at = &at->at(name);
        } else if (at->is_array() && name.size() < 10 &&
                   std::all_of(name.begin(), name.end(),
                               [](char c) { return c >= '0' && c <= '9'; }) &&
                   std::stoul(name) < at->size()) {
            at = &at->at(std::stoul(name));
        } else {
            return nullptr;
        }
        if (dot == field.size()) {
            return at;
        }
        field.remove_prefix(dot + 1);
    }
}

std::string unmet(JsonCondition const& condition, std::string_view body) {
    auto const made = JsonConditions::make({condition});
    require(made.has_value());
    auto words = made->first_unmet(body);
    require(muster::is_valid_utf8(words) && words.find('\0') == std::string::npos);
    require(words.size() < 400);
    return words;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const line = std::min(text.find('\n'), text.size());
    std::string const field(text.substr(0, line));
    auto const body = text.substr(std::min(line + 1, text.size()));
    JsonCondition const exists{field, JsonTest::exists, true};
    if (auto const made = JsonConditions::make({exists}); !made) {
        require(muster::is_valid_utf8(made.error().message));
        return 0;
    }
    bool const is_there = unmet(exists, body).empty();
    bool const is_true = unmet({field, JsonTest::equals, true}, body).empty();
    bool const is_enough = unmet({field, JsonTest::at_least, 1.0}, body).empty();
    require(is_there || (!is_true && !is_enough));
    require(!(is_true && is_enough));
    if (!nlohmann::json::accept(body)) {
        require(!is_there);
        return 0;
    }
    bool const deep =
        std::count(body.begin(), body.end(), '[') + std::count(body.begin(), body.end(), '{') > 64;
    if (deep || has_key_twice(body)) {
        return 0;
    }
    auto const document = nlohmann::json::parse(body);
    auto const* const found = find(document, field);
    require(is_there == (found != nullptr));
    require(is_true == (found != nullptr && *found == true));
    require(is_enough == (found != nullptr && found->is_number() && found->get<double>() >= 1.0));
    return 0;
}
