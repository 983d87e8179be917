#include <muster/codec/prometheus_text.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

namespace muster {
namespace {

constexpr bool is_blank(char character) noexcept {
    return character == ' ' || character == '\t';
}

constexpr bool starts_label(char character) noexcept {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           character == '_';
}

constexpr bool in_label(char character) noexcept {
    return starts_label(character) || (character >= '0' && character <= '9');
}

constexpr bool starts_name(char character) noexcept {
    return starts_label(character) || character == ':';
}

constexpr bool in_name(char character) noexcept {
    return in_label(character) || character == ':';
}

/// A number as Go and Python write it: `+Inf`, `NaN`, `1e+06`.
std::optional<double> number_of(std::string_view text) noexcept {
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-')) {
            return std::nullopt;
        }
    }
    double value = 0;
    auto const* const end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc() || stopped != end || text.back() == ')') {
        return std::nullopt;
    }
    return value;
}

/// Reads one line after the other. The first mistake sets `problem_`.
class ExpositionReader {
public:
    ExpositionReader(ExpositionFormat format, ExpositionVisitor& visitor,
                     ExpositionLimits const& limits)
        : format_(format), visitor_(visitor), limits_(limits) {}

    Result<void> read(std::string_view text);

private:
    enum class Next : std::uint8_t { go_on, enough, wrong };

    Next line(std::string_view text);
    Next comment();
    Next series();
    bool labels();
    bool label();
    bool label_value(std::string_view& into);
    bool unescape(std::size_t start, std::string_view& into);
    bool value(double& into);
    bool timestamp(std::optional<WallTime>& into);
    bool end_of_line();

    [[nodiscard]] bool at_end() const noexcept { return at_ == line_.size(); }
    [[nodiscard]] char here() const noexcept { return at_end() ? '\0' : line_[at_]; }
    void skip_blanks() noexcept {
        while (!at_end() && is_blank(line_[at_])) {
            ++at_;
        }
    }
    template <class Fits>
    std::string_view take_while(Fits fits) noexcept {
        auto const start = at_;
        while (!at_end() && fits(line_[at_])) {
            ++at_;
        }
        return line_.substr(start, at_ - start);
    }
    std::string_view word() noexcept {
        auto const found = take_while([](char character) { return !is_blank(character); });
        skip_blanks();
        return found;
    }
    bool refuse(std::string_view why) {
        problem_ = why;
        return false;
    }

    ExpositionFormat const format_;
    ExpositionVisitor& visitor_;
    ExpositionLimits const limits_;
    std::string_view line_;
    std::size_t at_{0};
    std::size_t number_{0};
    std::string_view problem_;
    std::array<SeriesLabel, kMaxSeriesLabels> labels_;
    std::size_t label_count_{0};
    std::string unescaped_;  ///< Of this line; never grows while views into it are out.
};

Result<void> ExpositionReader::read(std::string_view text) {
    if (text.size() > limits_.bytes) {
        return failure(Errc::invalid,
                       "the text is longer than " + std::to_string(limits_.bytes) + " bytes");
    }
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        ++number_;
        auto const next = line(text.substr(0, end));
        if (next == Next::wrong) {
            return failure(Errc::invalid,
                           "line " + std::to_string(number_) + ": " + std::string(problem_));
        }
        if (next == Next::enough) {
            break;
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return {};
}

ExpositionReader::Next ExpositionReader::line(std::string_view text) {
    if (text.ends_with('\r')) {
        text.remove_suffix(1);
    }
    if (text.size() > limits_.line_bytes) {
        refuse("the line is too long");
        return Next::wrong;
    }
    line_ = text;
    at_ = 0;
    skip_blanks();
    if (at_end()) {
        return Next::go_on;
    }
    return here() == '#' ? comment() : series();
}

/// `# HELP name text`, `# TYPE name type`, `# EOF`, or anything.
ExpositionReader::Next ExpositionReader::comment() {
    ++at_;
    skip_blanks();
    auto const what = word();
    if (what == "EOF" && at_end()) {
        return Next::enough;
    }
    if (what != "HELP" && what != "TYPE") {
        return Next::go_on;
    }
    auto const name = take_while(in_name);
    if (name.empty() || !starts_name(name.front()) || (!at_end() && !is_blank(here()))) {
        refuse("the name behind HELP or TYPE is no name of a metric");
        return Next::wrong;
    }
    skip_blanks();
    if (what == "HELP") {
        visitor_.help(name, line_.substr(at_));
        return Next::go_on;
    }
    auto const type = word();
    if (type.empty() || !at_end()) {
        refuse("one type belongs behind TYPE and the name");
        return Next::wrong;
    }
    visitor_.type(name, type);
    return Next::go_on;
}

/// name [ "{" labels "}" ] value [ timestamp ] [ "#" exemplar ]
ExpositionReader::Next ExpositionReader::series() {
    SeriesValue found;
    found.name = take_while(in_name);
    found.line = number_;
    label_count_ = 0;
    if (found.name.empty() || !starts_name(found.name.front())) {
        refuse("the line does not begin with the name of a metric");
        return Next::wrong;
    }
    if (!at_end() && here() != '{' && !is_blank(here())) {
        refuse("the name of the metric has a character that names do not have");
        return Next::wrong;
    }
    skip_blanks();
    if (here() == '{' && !labels()) {
        return Next::wrong;
    }
    if (!value(found.value) || !timestamp(found.timestamp) || !end_of_line()) {
        return Next::wrong;
    }
    found.labels = {labels_.data(), label_count_};
    return visitor_.value(found) ? Next::go_on : Next::enough;
}

/// "{" [ label { "," label } [","] ] "}"
bool ExpositionReader::labels() {
    unescaped_.clear();
    ++at_;
    skip_blanks();
    while (here() != '}') {
        if (!label()) {
            return false;
        }
        skip_blanks();
        if (here() == ',') {
            ++at_;
            skip_blanks();
        } else if (here() != '}') {
            return refuse("the labels have no closing brace");
        }
    }
    ++at_;
    skip_blanks();
    return true;
}

bool ExpositionReader::label() {
    if (label_count_ == labels_.size()) {
        return refuse("more labels than a series may have");
    }
    auto& found = labels_[label_count_];
    found.name = take_while(in_label);
    if (found.name.empty() || !starts_label(found.name.front())) {
        return refuse(at_end() ? "the labels have no closing brace"
                               : "a label has no name that is one");
    }
    skip_blanks();
    if (here() != '=') {
        return refuse("a label has no '=' behind its name");
    }
    ++at_;
    skip_blanks();
    if (here() != '"') {
        return refuse("the value of a label is not in double quotes");
    }
    ++at_;
    if (!label_value(found.value)) {
        return false;
    }
    ++label_count_;
    return true;
}

/// From behind the opening quote to behind the closing one.
bool ExpositionReader::label_value(std::string_view& into) {
    auto const start = at_;
    auto const special = line_.find_first_of("\"\\", at_);
    if (special == std::string_view::npos) {
        return refuse("the value of a label has no closing quote");
    }
    if (line_[special] == '\\') {
        return unescape(start, into);
    }
    into = line_.substr(start, special - start);
    at_ = special + 1;
    return true;
}

/// `\\`, `\"` and `\n`; before anything else a backslash means itself.
bool ExpositionReader::unescape(std::size_t start, std::string_view& into) {
    unescaped_.reserve(line_.size());  // all values of a line together are shorter than it
    auto const first = unescaped_.size();
    for (at_ = start; !at_end(); ++at_) {
        if (line_[at_] == '"') {
            ++at_;
            into = std::string_view(unescaped_).substr(first);
            return true;
        }
        if (line_[at_] != '\\' || at_ + 1 == line_.size()) {
            unescaped_ += line_[at_];
            continue;
        }
        auto const escaped = line_[at_ + 1];
        if (escaped == 'n') {
            unescaped_ += '\n';
            ++at_;
        } else if (escaped == '\\' || escaped == '"') {
            unescaped_ += escaped;
            ++at_;
        } else {
            unescaped_ += '\\';
        }
    }
    return refuse("the value of a label has no closing quote");
}

bool ExpositionReader::value(double& into) {
    auto const text = word();
    if (text.empty()) {
        return refuse("there is no value behind the series");
    }
    auto const number = number_of(text);
    if (!number) {
        return refuse("the value is no number");
    }
    into = *number;
    return true;
}

/// Milliseconds in the text format, seconds with decimals in OpenMetrics.
bool ExpositionReader::timestamp(std::optional<WallTime>& into) {
    if (at_end() || here() == '#') {
        return true;
    }
    auto const number = number_of(word());
    // What a WallTime can hold, and far beyond what anybody means.
    constexpr double kFurthest = 1e15;
    auto const millis = number.value_or(0) * (format_ == ExpositionFormat::openmetrics ? 1e3 : 1);
    if (!number || !(std::abs(millis) <= kFurthest)) {
        return refuse("the timestamp is no number");
    }
    into = WallTime(Millis(static_cast<Millis::rep>(millis)));
    return true;
}

/// An exemplar is passed over unread: it says nothing about the series' value.
bool ExpositionReader::end_of_line() {
    return at_end() || here() == '#' || refuse("there is more than a value and a timestamp");
}

}  // namespace

std::string_view SeriesValue::label(std::string_view wanted) const noexcept {
    for (auto const& one : labels) {
        if (one.name == wanted) {
            return one.value;
        }
    }
    return {};
}

Result<void> read_exposition(std::string_view text, ExpositionFormat format,
                             ExpositionVisitor& visitor, ExpositionLimits const& limits) {
    return ExpositionReader(format, visitor, limits).read(text);
}

}  // namespace muster
