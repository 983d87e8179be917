#include <muster/config/read_expectation.hpp>

#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <muster/base/utf8.hpp>
#include <muster/config/values.hpp>
#include <muster/domain/json_field.hpp>
#include <muster/domain/secret_names.hpp>
#include <muster/domain/text_pattern.hpp>

namespace muster::config {
namespace {

constexpr std::size_t kMostBodyBytes = 8'192;
constexpr std::string_view kWantsStatus =
    "a status code from 100 to 599, a range such as 200-299, or a list of them";

std::optional<std::uint16_t> code_of(std::string_view text) {
    constexpr std::size_t kDigits = 3;
    std::uint16_t code = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
    bool const whole = error == std::errc{} && end == text.data() + text.size();
    if (text.size() != kDigits || !whole || code < 100 || code > 599) {
        return std::nullopt;
    }
    return code;
}

void add_status(Reading& reading, YamlNode value, std::vector<StatusRange>& out) {
    auto const text = scalar_of(reading, value, "status", kWantsStatus);
    if (!text) {
        return;
    }
    auto const dash = text->find('-');
    auto const first = code_of(std::string_view(*text).substr(0, dash));
    auto const last =
        dash == std::string::npos ? first : code_of(std::string_view(*text).substr(dash + 1));
    if (!first || !last || *first > *last) {
        refuse_value(reading, value, "status", kWantsStatus);
        return;
    }
    out.push_back({*first, *last});
}

void read_status(Reading& reading, Mapping const& from, std::vector<StatusRange>& out) {
    auto const* field = from.find("status");
    if (field == nullptr) {
        return;
    }
    if (field->value.kind() != NodeKind::list) {
        add_status(reading, field->value, out);
        return;
    }
    for (auto const item : field->value) {
        add_status(reading, item, out);
    }
}

std::optional<double> number_of(std::string_view text) {
    double number = 0;
    auto const* const end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data(), end, number);
    if (text.empty() || error != std::errc{} || stopped != end || !std::isfinite(number)) {
        return std::nullopt;
    }
    return number;
}

/// What the value means in JSON. Text in quotes is text, whatever it says.
std::optional<JsonScalar> json_scalar(Reading& reading, YamlNode value, std::string_view what) {
    if (value.kind() == NodeKind::nothing) {
        return JsonScalar();
    }
    auto text = scalar_of(reading, value, what, "text, a number, true, false or null");
    if (!text) {
        return std::nullopt;
    }
    if (!value.is_plain()) {
        return JsonScalar(*std::move(text));
    }
    if (*text == "true" || *text == "false") {
        return JsonScalar(*text == "true");
    }
    if (auto const number = number_of(*text)) {
        return JsonScalar(*number);
    }
    return JsonScalar(*std::move(text));
}

/// `secret`: the field holds one, and so does what it is held against.
std::optional<JsonScalar> value_of_test(Reading& reading, Mapping const& from, Field const& field,
                                        JsonTest test, bool secret) {
    if (test == JsonTest::exists) {
        bool exists = true;
        read_flag(reading, from, field.key, exists);
        return JsonScalar(exists);
    }
    if (test == JsonTest::equals || test == JsonTest::differs) {
        auto value = json_scalar(reading, field.value, field.key);
        auto const* text = value ? std::get_if<std::string>(&*value) : nullptr;
        bool const masked =
            secret && text != nullptr && refuse_mask(reading, field.value, field.key, *text);
        return masked ? std::nullopt : value;
    }
    auto const text = scalar_of(reading, field.value, field.key, "a number");
    if (secret && text && refuse_mask(reading, field.value, field.key, *text)) {
        return std::nullopt;
    }
    auto const number = text ? number_of(*text) : std::nullopt;
    if (text && !number) {
        refuse_value(reading, field.value, field.key, "a number");
    }
    return number ? std::optional(JsonScalar(*number)) : std::nullopt;
}

bool names_a_field(Reading& reading, Mapping const& from, std::string const& text) {
    auto const& value = from.find("field")->value;
    auto const names = names_of_json_field(text);
    if (!names && value.text() == text) {
        reading.refuse(value, "'field': " + names.error().message);
    } else if (!names) {
        refuse_value(reading, value, "field", "names joined by dots, such as db.ok");
    }
    return names.has_value();
}

void add_condition(Reading& reading, YamlNode entry, std::vector<JsonCondition>& out) {
    Mapping const from(reading, entry, Section::json);
    if (entry.kind() != NodeKind::map) {
        if (entry.kind() == NodeKind::nothing) {
            refuse_value(reading, entry, "json",
                         "a condition such as { field: db.ok, equals: true }");
        }
        return;
    }
    JsonCondition condition;
    condition.value = true;
    read_bytes(reading, from, "field", kMaxTextBytes, condition.field);
    if (condition.field.empty()) {
        reading.refuse(entry, "'field' is missing: say which field of the answer, such as db.ok");
    }
    bool usable = !condition.field.empty() && names_a_field(reading, from, condition.field);
    Field const* tested = nullptr;
    for (auto const& field : from.fields()) {
        auto const test = parse_enum<JsonTest>(field.key);
        if (!test) {
            continue;
        }
        if (tested != nullptr) {
            reading.refuse(field.name, "a condition has one test: '" + std::string(tested->key) +
                                           "' or '" + std::string(field.key) + "'");
            usable = false;
            continue;
        }
        tested = &field;
        condition.test = *test;
        auto value = value_of_test(reading, from, field, *test, names_a_secret(condition.field));
        usable = usable && value;
        condition.value = std::move(value).value_or(JsonScalar());
    }
    if (usable) {
        out.push_back(std::move(condition));
    }
}

void read_json(Reading& reading, Mapping const& from, std::vector<JsonCondition>& out) {
    auto const* field = from.find("json");
    if (field == nullptr) {
        return;
    }
    if (field->value.kind() != NodeKind::list) {
        add_condition(reading, field->value, out);
        return;
    }
    for (auto const item : field->value) {
        add_condition(reading, item, out);
    }
    if (out.size() > kMaxJsonConditions) {
        reading.refuse(field->value, "'json' wants at most " + std::to_string(kMaxJsonConditions) +
                                         " conditions, not " + std::to_string(out.size()));
    }
}

void read_matches(Reading& reading, Mapping const& from, std::string& out) {
    auto const* field = from.find("matches");
    std::string pattern;
    read_bytes(reading, from, "matches", TextPattern::kMaxBytes, pattern);
    if (field == nullptr || pattern.empty()) {
        return;
    }
    auto const compiled = TextPattern::compile(pattern);
    if (compiled) {
        out = std::move(pattern);
    } else if (field->value.text() == pattern) {
        reading.refuse(field->value, "'matches' is no RE2 expression: " + compiled.error().message);
    } else {
        refuse_value(reading, field->value, "matches", "an RE2 expression");
    }
}

}  // namespace

HttpExpectation read_expectation(Reading& reading, Field const& field) {
    Mapping const from(reading, field.value, Section::expect);
    HttpExpectation expect;
    read_status(reading, from, expect.status);
    read_bytes(reading, from, "body", kMostBodyBytes, expect.body);
    read_matches(reading, from, expect.body_matches);
    read_json(reading, from, expect.json);
    return expect;
}

}  // namespace muster::config
