#include <muster/importing/gatus_condition.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include <muster/base/ascii.hpp>
#include <muster/domain/json_field.hpp>
#include <muster/domain/text_pattern.hpp>
#include <muster/importing/json_path.hpp>
#include <muster/importing/length_of_time.hpp>
#include <muster/importing/request_parts.hpp>
#include <muster/importing/source_map.hpp>
#include <muster/importing/wildcards.hpp>

namespace muster::importing {
namespace {

constexpr std::string_view kBody = "[BODY]";

/// `pat(x)`: x of the function that is named; nothing: it is another one, or none.
std::optional<std::string_view> argument_of(std::string_view function, std::string_view text) {
    if (text.size() < function.size() + 2 || text.substr(0, function.size()) != function ||
        text[function.size()] != '(' || text.back() != ')') {
        return std::nullopt;
    }
    return text.substr(function.size() + 1, text.size() - function.size() - 2);
}

bool begins_with_body(std::string_view text) {
    return text.substr(0, kBody.size()) == kBody;
}

/// Whether it stands for something of the answer.
bool is_measured(std::string_view text) {
    return (!text.empty() && text.front() == '[') || argument_of("len", text) ||
           argument_of("has", text);
}

std::string turned(std::string const& comparison) {
    if (comparison[0] == '<' || comparison[0] == '>') {
        return (comparison[0] == '<' ? ">" : "<") + comparison.substr(1);
    }
    return comparison;
}

/// The codes that a text names: `200`, `any(200, 204)`, `pat(2*)`.
std::optional<StatusCodes> named_codes(std::string_view text) {
    StatusCodes codes;
    if (auto const options = argument_of("any", text)) {
        auto rest = *options;
        while (true) {
            auto const comma = std::min(rest.find(','), rest.size());
            auto const code = whole_number(trimmed(rest.substr(0, comma)));
            if (!code) {
                return std::nullopt;
            }
            codes |= StatusCodes::between(*code, *code);
            if (comma == rest.size()) {
                return codes;
            }
            rest.remove_prefix(comma + 1);
        }
    }
    if (auto const pattern = argument_of("pat", text)) {
        auto const test = read_wildcards(*pattern);
        auto const compiled = test && !test->matches.empty()
                                  ? TextPattern::compile(test->matches).map([](auto made) {
                                        return std::optional<TextPattern>(std::move(made));
                                    })
                                  : Result<std::optional<TextPattern>>(std::nullopt);
        if (!test || !compiled) {
            return std::nullopt;
        }
        for (int code = StatusCodes::kLeast; code <= StatusCodes::kMost; ++code) {
            auto const spelled = std::to_string(code);
            if (*compiled ? (*compiled)->find_in(spelled).has_value()
                          : spelled.find(test->contains) != std::string::npos) {
                codes |= StatusCodes::between(code, code);
            }
        }
        return codes;
    }
    auto const code = whole_number(text);
    return code ? std::optional(StatusCodes::between(*code, *code)) : std::nullopt;
}

}  // namespace

std::optional<GatusConditions::Parts> GatusConditions::split(std::string_view text) {
    constexpr std::array<std::string_view, 6> kComparisons{
        " == ", " != ", " <= ", " >= ", " > ", " < "};
    for (auto const comparison : kComparisons) {
        auto const at = text.find(comparison);
        if (at == std::string_view::npos) {
            continue;
        }
        Parts parts{std::string(trimmed(text.substr(0, at))), std::string(trimmed(comparison)),
                    std::string(trimmed(text.substr(at + comparison.size())))};
        if (!is_measured(parts.left) && is_measured(parts.right)) {
            std::swap(parts.left, parts.right);
            parts.comparison = turned(parts.comparison);
        }
        return parts;
    }
    return std::nullopt;
}

void GatusConditions::lose(std::string why, std::string remedy) {
    draft_.lose(text_, "is left out: " + std::move(why), std::move(remedy));
}

void GatusConditions::take(std::string_view text) {
    text_ = std::string(text);
    auto const parts = split(text);
    if (!parts) {
        lose("it compares nothing", "write it again");
        return;
    }
    auto const& left = parts->left;
    if (left == "[CONNECTED]" && parts->comparison == "==" && parts->right == "true") {
        return;  // what cannot be connected to fails
    }
    bool taken = false;
    if (left == "[STATUS]" && http() != nullptr) {
        taken = take_status(*parts);
    } else if (left == "[RESPONSE_TIME]") {
        taken = take_time(*parts);
    } else if (auto const argument = argument_of("has", left); argument && http() != nullptr) {
        taken = take_presence(*argument, *parts);
    } else if (begins_with_body(left) && http() != nullptr) {
        taken = take_body(*parts);
    } else if (left == "[CERTIFICATE_EXPIRATION]") {
        lose(
            "how long a certificate lasts is told with each check, but there is no rule for it yet",
            "an expired one fails the check in any case; muster check shows the days that are "
            "left");
        return;
    }
    if (!taken) {
        lose("a check cannot ask for this", kCheckByHand);
    }
}

bool GatusConditions::take_status(Parts const& parts) {
    auto const codes = named_codes(parts.right);
    auto const limit = whole_number(parts.right);
    StatusCodes wanted;
    if (parts.comparison == "==" && codes) {
        wanted = *codes;
    } else if (parts.comparison == "!=" && codes) {
        wanted = codes->others();
    } else if (limit && parts.comparison == "<") {
        wanted = StatusCodes::between(0, *limit - 1);
    } else if (limit && parts.comparison == "<=") {
        wanted = StatusCodes::between(0, *limit);
    } else if (limit && parts.comparison == ">") {
        wanted = StatusCodes::between(std::min(*limit, std::int64_t{StatusCodes::kMost}) + 1,
                                      StatusCodes::kMost);
    } else if (limit && parts.comparison == ">=") {
        wanted = StatusCodes::between(*limit, StatusCodes::kMost);
    } else {
        return false;
    }
    wanted &= status_;
    if (wanted.empty()) {
        lose("with the other conditions no status is right", "say which status codes are right");
        return true;
    }
    status_ = wanted;
    return true;
}

bool GatusConditions::take_time(Parts const& parts) {
    auto const millis = whole_number(parts.right);
    constexpr std::int64_t kMostMillis = 1'000'000'000;
    auto const limit = millis && *millis > 0 && *millis < kMostMillis
                           ? std::optional(Millis(*millis))
                           : length_of_time(parts.right);
    if (!limit || *limit <= Millis(0) || (parts.comparison != "<" && parts.comparison != "<=")) {
        return false;
    }
    slowest_ = slowest_ ? std::min(*slowest_, *limit) : *limit;
    return true;
}

bool GatusConditions::take_body(Parts const& parts) {
    auto const path = std::string_view(parts.left).substr(kBody.size());
    if (!path.empty()) {
        return take_field(path, parts);
    }
    if (parts.comparison != "==" || argument_of("any", parts.right)) {
        return false;
    }
    if (auto const pattern = argument_of("pat", parts.right)) {
        auto const test = read_wildcards(*pattern);
        if (!test) {
            return false;
        }
        expect_text(draft_, *http(), test->contains, text_);
        if (!test->matches.empty()) {
            expect_match(draft_, *http(), test->matches, text_);
        }
        return true;
    }
    expect_match(draft_, *http(), exactly(parts.right), text_);
    return true;
}

bool GatusConditions::take_field(std::string_view path, Parts const& parts) {
    auto const field = json_path(path);
    if (!field || argument_of("any", parts.right) || argument_of("pat", parts.right) ||
        is_measured(parts.right) || http()->json.size() >= kMaxJsonConditions) {
        return false;
    }
    JsonCondition condition{*field, JsonTest::equals, {}};
    if (parts.comparison == "==" || parts.comparison == "!=") {
        auto value = json_scalar(parts.right);
        if (!value) {
            return false;
        }
        condition.test = parts.comparison == "==" ? JsonTest::equals : JsonTest::differs;
        condition.value = *std::move(value);
    } else {
        auto const number = number_of(parts.right);
        if (!number) {
            return false;
        }
        // Gatus drops the decimals of what is measured before it compares.
        auto const limit = std::trunc(*number);
        if (parts.comparison == "<") {
            condition.test = JsonTest::at_most;
            condition.value = std::nextafter(limit, -std::numeric_limits<double>::infinity());
        } else if (parts.comparison == "<=") {
            condition.test = JsonTest::at_most;
            condition.value = limit;
        } else {
            condition.test = JsonTest::at_least;
            condition.value = parts.comparison == ">" ? limit + 1 : limit;
        }
    }
    http()->json.push_back(std::move(condition));
    return true;
}

bool GatusConditions::take_presence(std::string_view argument, Parts const& parts) {
    auto const wanted = truth_of(parts.right);
    bool const equals = parts.comparison == "==";
    if (!wanted || !begins_with_body(argument) || (!equals && parts.comparison != "!=")) {
        return false;
    }
    auto const field = json_path(argument.substr(kBody.size()));
    if (!field || http()->json.size() >= kMaxJsonConditions) {
        return false;
    }
    http()->json.push_back({*field, JsonTest::exists, *wanted == equals});
    return true;
}

void GatusConditions::finish() {
    if (http() != nullptr) {
        http()->status = status_.ranges();
    }
}

}  // namespace muster::importing
