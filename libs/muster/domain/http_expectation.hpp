#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <muster/base/enum_names.hpp>

namespace muster {

/// Status codes from `first` to `last`, both included.
struct StatusRange {
    std::uint16_t first{200};
    std::uint16_t last{299};

    auto operator<=>(StatusRange const&) const = default;
};

/// Stored values: do not renumber.
enum class JsonTest : std::uint8_t {
    exists = 0,
    equals = 1,
    differs = 2,
    at_least = 3,
    at_most = 4
};

constexpr EnumNames<JsonTest, 5> enum_names(JsonTest) {
    return {{{JsonTest::exists, "exists"},
             {JsonTest::equals, "equals"},
             {JsonTest::differs, "notEquals"},
             {JsonTest::at_least, "atLeast"},
             {JsonTest::at_most, "atMost"}}};
}

/// A JSON scalar; the first alternative is null.
using JsonScalar = std::variant<std::monostate, bool, double, std::string>;

/// A condition on one field of a JSON body.
struct JsonCondition {
    std::string field;  ///< Names joined by dots, array places as numbers: `db.ok`, `nodes.0.role`.
    JsonTest test{JsonTest::exists};
    JsonScalar value;  ///< What `field` is held against; of `exists` whether it must be there.

    auto operator<=>(JsonCondition const&) const = default;
};

/// What an answer must be in order to pass. Every condition given must hold.
struct HttpExpectation {
    std::vector<StatusRange> status;  ///< Any of them; empty: 200-299.
    std::string body;                 ///< A substring of the body; empty: none.
    std::string body_matches;         ///< An RE2 expression found in the body; empty: none.
    std::vector<JsonCondition> json;

    auto operator<=>(HttpExpectation const&) const = default;
};

}  // namespace muster
