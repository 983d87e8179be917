#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/domain/http_expectation.hpp>
#include <muster/domain/json_field.hpp>

namespace muster {

/// Conditions on the fields of a JSON body, taken apart once and held against one body after
/// another. A value: safe from any thread.
class JsonConditions {
public:
    static constexpr std::size_t kMost = kMaxJsonConditions;  ///< Of one service.
    static constexpr std::size_t kMaxDepth = kMaxJsonNames;   ///< Levels of a body.

    /// None: holds of every body, JSON or not.
    JsonConditions() = default;

    /// Errors: invalid, naming the field: an empty name in it, more than kMaxDepth names, a value
    /// that its test cannot be held against (`atLeast` wants a number, `exists` true or false).
    [[nodiscard]] static Result<JsonConditions> make(std::vector<JsonCondition> const& conditions);

    /// The first condition that does not hold, in plain words: `db.ok is false, expected true`,
    /// `db.ok is missing`; empty: all hold. A body that cannot be read as JSON fulfils none:
    /// `body is not readable JSON`. A field whose name stands in an object twice must hold both
    /// times; null is a value, a container is one that only `exists` and `notEquals` are content
    /// with. Reads the body once, without building a tree: time linear in the body for each
    /// condition, memory in its depth and longest string. Never throws. Words are valid UTF-8, and
    /// show no value of a field that names_a_secret().
    [[nodiscard]] std::string first_unmet(std::string_view body) const;

    [[nodiscard]] bool empty() const noexcept { return fields_.empty(); }

private:
    struct Field {
        JsonCondition condition;
        std::vector<std::string> path;
    };
    class Reader;

    std::vector<Field> fields_;
};

}  // namespace muster
