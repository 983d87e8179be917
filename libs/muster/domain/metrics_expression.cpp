#include <muster/domain/metrics_expression.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <muster/base/ascii.hpp>

namespace muster {
namespace {

using Kind = LabelMatcher::Kind;
using Op = MetricsExpression::Op;
using Read = MetricsReading::Kind;

constexpr bool starts_name(char character) noexcept {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           character == '_' || character == ':';
}

constexpr bool is_blank(char character) noexcept {
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

enum class Function : std::uint8_t { rate, increase, avg, ratio, sum, max, min };

constexpr std::array<std::pair<std::string_view, Function>, 7> kFunctions{{
    {"rate", Function::rate},
    {"increase", Function::increase},
    {"avg", Function::avg},
    {"ratio", Function::ratio},
    {"sum", Function::sum},
    {"max", Function::max},
    {"min", Function::min},
}};

std::optional<Function> function_named(std::string_view name) noexcept {
    for (auto const& [known, function] : kFunctions) {
        if (known == name) {
            return function;
        }
    }
    return std::nullopt;
}

/// By recursive descent. The first mistake ends it: `problem_` is set and everything returns false.
class ExpressionParser {
public:
    explicit ExpressionParser(std::string_view text) : text_(text) {}

    Result<MetricsExpression> parse() {
        if (text_.size() > kMaxExpressionBytes) {
            return failure(Errc::invalid, "an expression has at most " +
                                              std::to_string(kMaxExpressionBytes) + " characters");
        }
        skip_blanks();
        bool const read = at_end() ? refuse("the expression is empty: name a series") : sum();
        if (read && !at_end()) {
            refuse_here("an operator (+ - * /) or the end");
        }
        if (!problem_.empty()) {
            return failure(Errc::invalid, std::move(problem_));
        }
        return std::move(result_);
    }

private:
    bool sum();
    bool product();
    bool factor();
    bool number();
    bool named();
    bool arguments(Function function);
    bool selector(SeriesSelector& into);
    bool rest_of_selector(SeriesSelector& into);
    bool matcher(SeriesSelector& into);
    bool matcher_kind(LabelMatcher& into);
    bool text_in_quotes(std::string& into);
    bool escape(std::string& into);

    bool add_reading(SeriesSelector series, Read kind);
    void add_step(Op op) { result_.steps.push_back({op, 0, 0}); }

    [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }
    [[nodiscard]] char here() const noexcept { return at_end() ? '\0' : text_[at_]; }
    void skip_blanks() noexcept {
        while (!at_end() && is_blank(text_[at_])) {
            ++at_;
        }
    }
    bool take(char wanted) noexcept {
        if (at_end() || text_[at_] != wanted) {
            return false;
        }
        ++at_;
        skip_blanks();
        return true;
    }
    bool expect(char wanted) {
        return take(wanted) || refuse_here(std::string("'") + wanted + "'");
    }
    std::string_view name() noexcept {
        auto const start = at_;
        while (!at_end() && (starts_name(text_[at_]) || (at_ > start && is_digit(text_[at_])))) {
            ++at_;
        }
        auto const word = text_.substr(start, at_ - start);
        skip_blanks();
        return word;
    }

    bool refuse_at(std::size_t place, std::string const& why) {
        if (problem_.empty()) {
            problem_ = "column " + std::to_string(place + 1) + ": " + why;
        }
        return false;
    }
    bool refuse(std::string const& why) { return refuse_at(at_, why); }
    bool refuse_here(std::string const& wanted) {
        if (at_end()) {
            return refuse("the expression ends where " + wanted + " is expected");
        }
        if (text_[at_] == '[') {
            return refuse("no time range here: growth is taken between two collections");
        }
        return refuse(wanted + " is expected here");
    }

    std::string_view const text_;
    std::size_t at_{0};
    std::size_t depth_{0};
    std::string problem_;
    MetricsExpression result_;
};

/// product { ("+" | "-") product }
bool ExpressionParser::sum() {
    if (++depth_ > kMaxExpressionDepth) {
        return refuse("nested too deep: at most " + std::to_string(kMaxExpressionDepth) +
                      " levels");
    }
    if (!product()) {
        return false;
    }
    for (;;) {
        auto const op = here() == '+' ? Op::add : Op::subtract;
        if (!take('+') && !take('-')) {
            --depth_;
            return true;
        }
        if (!product()) {
            return false;
        }
        add_step(op);
    }
}

/// factor { ("*" | "/") factor }
bool ExpressionParser::product() {
    if (!factor()) {
        return false;
    }
    for (;;) {
        auto const op = here() == '*' ? Op::multiply : Op::divide;
        if (!take('*') && !take('/')) {
            return true;
        }
        if (!factor()) {
            return false;
        }
        add_step(op);
    }
}

/// number | "(" sum ")" | function "(" … ")" | selector
bool ExpressionParser::factor() {
    if (take('(')) {
        return sum() && expect(')');
    }
    if (is_digit(here()) || here() == '.') {
        return number();
    }
    if (starts_name(here())) {
        return named();
    }
    return refuse_here("a series, a function or a number");
}

bool ExpressionParser::number() {
    double value = 0;
    auto const* const start = text_.data() + at_;
    auto const [stopped, error] = std::from_chars(start, text_.data() + text_.size(), value);
    if (error != std::errc() || !std::isfinite(value)) {
        return refuse("a number is expected here");
    }
    at_ += static_cast<std::size_t>(stopped - start);
    skip_blanks();
    result_.steps.push_back({Op::constant, value, 0});
    return true;
}

bool ExpressionParser::named() {
    auto const start = at_;
    auto const word = name();
    if (!take('(')) {
        SeriesSelector series;
        series.name = word;
        return rest_of_selector(series) && add_reading(std::move(series), Read::sum);
    }
    auto const function = function_named(word);
    if (!function) {
        std::string known;
        for (auto const& [known_name, value] : kFunctions) {
            known += known.empty() ? "" : ", ";
            known += known_name;
        }
        return refuse_at(start, "'" + std::string(word) + "' is no function: " + known);
    }
    return arguments(*function) && expect(')');
}

bool ExpressionParser::arguments(Function function) {
    if (function == Function::sum) {
        return sum();  // a selector is the sum of its series already
    }
    SeriesSelector series;
    if (!selector(series)) {
        return false;
    }
    switch (function) {
        case Function::max:
            return add_reading(std::move(series), Read::max);
        case Function::min:
            return add_reading(std::move(series), Read::min);
        case Function::increase:
            return add_reading(std::move(series), Read::growth);
        case Function::rate:
            if (!add_reading(std::move(series), Read::growth)) {
                return false;
            }
            add_step(Op::per_second);
            return true;
        case Function::avg: {
            // A summary or a histogram counts and sums up what it has seen.
            auto count = series;
            series.name += "_sum";
            count.name += "_count";
            if (!add_reading(std::move(series), Read::growth) ||
                !add_reading(std::move(count), Read::growth)) {
                return false;
            }
            add_step(Op::divide);
            return true;
        }
        case Function::ratio: {
            SeriesSelector whole;
            if (!add_reading(std::move(series), Read::growth) || !expect(',') || !selector(whole) ||
                !add_reading(std::move(whole), Read::growth)) {
                return false;
            }
            add_step(Op::divide);
            return true;
        }
        case Function::sum:
            break;
    }
    return true;
}

bool ExpressionParser::selector(SeriesSelector& into) {
    if (!starts_name(here())) {
        return refuse_here("the name of a series");
    }
    into.name = name();
    if (here() == '(') {
        return refuse("a series is expected here, not a function");
    }
    return rest_of_selector(into);
}

/// [ "{" [ matcher { "," matcher } [","] ] "}" ]
bool ExpressionParser::rest_of_selector(SeriesSelector& into) {
    if (!take('{')) {
        return true;
    }
    while (!take('}')) {
        if (!matcher(into)) {
            return false;
        }
        if (!take(',') && here() != '}') {
            return refuse_here("',' or '}'");
        }
    }
    return true;
}

bool ExpressionParser::matcher(SeriesSelector& into) {
    if (!starts_name(here()) || here() == ':') {
        return refuse_here("the name of a label");
    }
    LabelMatcher wanted;
    wanted.label = name();
    if (!matcher_kind(wanted)) {
        return false;
    }
    auto const place = at_;
    if (!text_in_quotes(wanted.value)) {
        return false;
    }
    if (wanted.kind == Kind::matches || wanted.kind == Kind::matches_not) {
        auto pattern = TextPattern::compile(wanted.value);
        if (!pattern) {
            return refuse_at(place, pattern.error().message);
        }
        wanted.pattern = std::move(*pattern);
        wanted.value.clear();
    }
    into.matchers.push_back(std::move(wanted));
    return true;
}

bool ExpressionParser::matcher_kind(LabelMatcher& into) {
    constexpr std::array<std::pair<std::string_view, Kind>, 4> kKinds{{
        {"=~", Kind::matches},
        {"!~", Kind::matches_not},
        {"!=", Kind::not_equal},
        {"=", Kind::equal},
    }};
    for (auto const& [sign, kind] : kKinds) {
        if (text_.substr(at_).starts_with(sign)) {
            at_ += sign.size();
            skip_blanks();
            into.kind = kind;
            return true;
        }
    }
    return refuse_here("one of = != =~ !~");
}

bool ExpressionParser::text_in_quotes(std::string& into) {
    auto const quote = here();
    if (quote != '"' && quote != '\'') {
        return refuse_here("a text in quotes");
    }
    auto const start = at_++;
    while (!at_end() && text_[at_] != quote) {
        if (text_[at_] == '\\') {
            if (!escape(into)) {
                return false;
            }
        } else {
            into += text_[at_++];
        }
    }
    if (at_end()) {
        return refuse_at(start, "this text has no closing quote");
    }
    ++at_;
    skip_blanks();
    return true;
}

bool ExpressionParser::escape(std::string& into) {
    auto const escaped = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    switch (escaped) {
        case 'n':
            into += '\n';
            break;
        case '\\':
        case '"':
        case '\'':
            into += escaped;
            break;
        default:
            return refuse(R"(only \\ \" \' and \n may follow a backslash; in a pattern write \\d)");
    }
    at_ += 2;
    return true;
}

bool ExpressionParser::add_reading(SeriesSelector series, Read kind) {
    if (result_.readings.size() == kMaxExpressionReadings) {
        return refuse("an expression names at most " + std::to_string(kMaxExpressionReadings) +
                      " series");
    }
    auto const index = static_cast<std::uint32_t>(result_.readings.size());
    result_.readings.push_back({std::move(series), kind});
    result_.steps.push_back({Op::reading, 0, index});
    return true;
}

double apply(Op op, double left, double right) noexcept {
    switch (op) {
        case Op::add:
            return left + right;
        case Op::subtract:
            return left - right;
        case Op::multiply:
            return left * right;
        case Op::divide:
            return right == 0 ? 0 : left / right;
        case Op::constant:
        case Op::reading:
        case Op::per_second:
            break;
    }
    return right;
}

}  // namespace

bool LabelMatcher::accepts(std::string_view label_value) const {
    switch (kind) {
        case Kind::equal:
            return label_value == value;
        case Kind::not_equal:
            return label_value != value;
        case Kind::matches:
            return pattern->matches_whole(label_value);
        case Kind::matches_not:
            return !pattern->matches_whole(label_value);
    }
    return false;
}

Result<MetricsExpression> parse_metrics_expression(std::string_view text) {
    return ExpressionParser(text).parse();
}

double evaluate(MetricsExpression const& expression, std::span<double const> readings,
                double seconds) {
    std::vector<double> stack;
    stack.reserve(expression.steps.size());
    for (auto const& step : expression.steps) {
        switch (step.op) {
            case Op::constant:
                stack.push_back(step.constant);
                break;
            case Op::reading:
                stack.push_back(readings[step.reading]);
                break;
            case Op::per_second:
                stack.back() = seconds > 0 ? stack.back() / seconds : 0;
                break;
            case Op::add:
            case Op::subtract:
            case Op::multiply:
            case Op::divide: {
                auto const right = stack.back();
                stack.pop_back();
                stack.back() = apply(step.op, stack.back(), right);
                break;
            }
        }
    }
    return !stack.empty() && std::isfinite(stack.back()) ? stack.back() : 0;
}

}  // namespace muster
