#include <muster/codec/json_conditions.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <muster/base/utf8.hpp>
#include <muster/codec/json_sax.hpp>
#include <muster/codec/json_text.hpp>
#include <muster/domain/json_field.hpp>
#include <muster/domain/secret_names.hpp>

namespace muster {
namespace {

constexpr std::size_t kMaxShown = 60;  ///< Bytes of a field or value in messages.

/// What stands at a field.
enum class Container : std::uint8_t { object, array };
using Value = std::variant<JsonScalar, Container>;

/// A value as JSON shows it, cut.
struct Shown {
    std::string operator()(std::monostate /*null*/) const { return "null"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(double value) const {
        std::string text;
        append_json_number(text, value);
        return text;
    }
    std::string operator()(std::string const& value) const {
        return fmt::format("\"{}\"", clean_text(value, kMaxShown));
    }
    std::string operator()(Container value) const {
        return value == Container::object ? "an object" : "an array";
    }
    std::string operator()(JsonScalar const& value) const { return std::visit(*this, value); }
};

std::string shown(JsonScalar const& value) {
    return std::visit(Shown{}, value);
}

bool wants_number(JsonTest test) noexcept {
    return test == JsonTest::at_least || test == JsonTest::at_most;
}

/// Of `exists`: whether the field must be there. No value says that it must.
bool must_exist(JsonCondition const& condition) noexcept {
    bool const* const wanted = std::get_if<bool>(&condition.value);
    return wanted == nullptr || *wanted;
}

bool may_be_missing(JsonCondition const& condition) noexcept {
    return condition.test == JsonTest::exists && !must_exist(condition);
}

bool holds(JsonCondition const& condition, Value const& value) {
    auto const* const scalar = std::get_if<JsonScalar>(&value);
    auto const* const number = scalar != nullptr ? std::get_if<double>(scalar) : nullptr;
    switch (condition.test) {
        case JsonTest::exists:
            return must_exist(condition);
        case JsonTest::equals:
            return scalar != nullptr && *scalar == condition.value;
        case JsonTest::differs:
            return scalar == nullptr || *scalar != condition.value;
        case JsonTest::at_least:
            return number != nullptr && *number >= std::get<double>(condition.value);
        case JsonTest::at_most:
            return number != nullptr && *number <= std::get<double>(condition.value);
    }
    return false;
}

std::string expected(JsonCondition const& condition) {
    switch (condition.test) {
        case JsonTest::exists:
            return "expected none";
        case JsonTest::equals:
            return "expected " + shown(condition.value);
        case JsonTest::differs:
            return "expected anything else";
        case JsonTest::at_least:
            return "expected at least " + shown(condition.value);
        case JsonTest::at_most:
            return "expected at most " + shown(condition.value);
    }
    return {};
}

std::string field_of(JsonCondition const& condition) {
    return clean_text(condition.field, kMaxShown);
}

std::string complaint(JsonCondition const& condition, Value const& value) {
    if (names_a_secret(condition.field)) {
        return field_of(condition) + " is not what is expected";
    }
    return fmt::format("{} is {}, {}", field_of(condition), std::visit(Shown{}, value),
                       expected(condition));
}

std::optional<std::string_view> fault_of(JsonCondition const& condition) {
    if (wants_number(condition.test)) {
        auto const* const number = std::get_if<double>(&condition.value);
        if (number == nullptr || !std::isfinite(*number)) {
            return "wants a number to be held against";
        }
    }
    if (condition.test == JsonTest::exists && !std::holds_alternative<bool>(condition.value) &&
        !std::holds_alternative<std::monostate>(condition.value)) {
        return "is true or false";
    }
    return std::nullopt;
}

bool is_place(std::string const& name, std::size_t place) noexcept {
    std::size_t value = 0;
    auto const* const end = name.data() + name.size();
    auto const [stopped, error] = std::from_chars(name.data(), end, value);
    return error == std::errc{} && stopped == end && value == place;
}

}  // namespace

/// Follows the fields through a body: of each it knows how many of its names the containers open
/// now have matched.
class JsonConditions::Reader : public detail::SaxReader {
public:
    static_assert(kMaxDepth == JsonConditions::kMaxDepth);

    explicit Reader(std::vector<Field> const& fields) {
        for (auto const& field : fields) {
            states_.push_back({&field, 0, false, false, {}});
        }
    }

    bool null() { return scalar(std::monostate{}); }
    bool boolean(bool value) { return scalar(value); }
    bool number_integer(std::int64_t value) { return scalar(static_cast<double>(value)); }
    bool number_unsigned(std::uint64_t value) { return scalar(static_cast<double>(value)); }
    bool number_float(double value, std::string const& /*text*/) { return scalar(value); }
    bool string(std::string const& text) {
        if (place_matches_any()) {
            return scalar(text);
        }
        count();
        return true;
    }
    bool key(std::string const& name) {
        auto const level = depth() - 1;
        for (auto& state : states_) {
            auto const& path = state.field->path;
            state.at_key = state.matched == level && level < path.size() && path[level] == name;
        }
        return true;
    }
    bool start_object(std::size_t size) { return open(Container::object, size); }
    bool start_array(std::size_t size) { return open(Container::array, size); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }

    [[nodiscard]] std::string first_unmet() const {
        for (auto const& state : states_) {
            if (!state.unmet.empty()) {
                return state.unmet;
            }
            if (!state.seen && !may_be_missing(state.field->condition)) {
                return field_of(state.field->condition) + " is missing";
            }
        }
        return {};
    }

private:
    struct State {
        Field const* field;
        std::size_t matched;  ///< Names, by the containers that are open.
        bool at_key;          ///< In an object: the next value goes by the next name.
        bool seen;
        std::string unmet;
    };
    struct Open {
        Container kind;
        std::size_t place;  ///< Of an array: of the next value.
    };

    /// Whether the value that comes now stands where the names of `state` lead.
    [[nodiscard]] bool at_value(State const& state) const noexcept {
        if (open_.empty()) {
            return false;
        }
        auto const level = open_.size() - 1;
        if (state.matched != level || level >= state.field->path.size()) {
            return false;
        }
        return open_.back().kind == Container::array
                   ? is_place(state.field->path[level], open_.back().place)
                   : state.at_key;
    }

    [[nodiscard]] bool place_matches_any() const noexcept {
        for (auto const& state : states_) {
            if (at_value(state)) {
                return true;
            }
        }
        return false;
    }

    bool scalar(JsonScalar value) {
        meet(Value(std::move(value)));
        count();
        return true;
    }

    void meet(Value const& value) {
        for (auto& state : states_) {
            if (!at_value(state) || state.field->path.size() != open_.size()) {
                continue;
            }
            state.seen = true;
            if (state.unmet.empty() && !holds(state.field->condition, value)) {
                state.unmet = complaint(state.field->condition, value);
            }
        }
    }

    bool open(Container kind, std::size_t size) {
        meet(kind);
        for (auto& state : states_) {
            state.matched += at_value(state) ? 1 : 0;
        }
        count();
        open_.push_back({kind, 0});
        return SaxReader::start_object(size);
    }

    bool close() {
        open_.pop_back();
        for (auto& state : states_) {
            if (!open_.empty() && state.matched == open_.size()) {
                --state.matched;
            }
        }
        return SaxReader::end_object();
    }

    /// A value has come: the next one of an array stands one place further.
    void count() {
        if (!open_.empty()) {
            ++open_.back().place;
        }
    }

    std::vector<State> states_;
    std::vector<Open> open_;
};

Result<JsonConditions> JsonConditions::make(std::vector<JsonCondition> const& conditions) {
    if (conditions.size() > kMost) {
        return failure(Errc::invalid,
                       fmt::format("a service has at most {} JSON conditions", kMost));
    }
    JsonConditions made;
    for (auto const& condition : conditions) {
        auto path = names_of_json_field(condition.field);
        if (!path) {
            return tl::unexpected(std::move(path.error()));
        }
        if (auto const fault = fault_of(condition)) {
            return failure(Errc::invalid,
                           fmt::format("'{}' of the JSON field '{}' {}", to_string(condition.test),
                                       field_of(condition), *fault));
        }
        made.fields_.push_back({condition, *std::move(path)});
    }
    return made;
}

std::string JsonConditions::first_unmet(std::string_view body) const {
    if (fields_.empty()) {
        return {};
    }
    Reader reader(fields_);
    if (!nlohmann::json::sax_parse(body.begin(), body.end(), &reader)) {
        return reader.too_deep() ? "body is nested too deep to read" : "body is not readable JSON";
    }
    return reader.first_unmet();
}

}  // namespace muster
