#include <muster/codec/metrics_text.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace muster {
namespace {

/// Whole numbers up to here are exact, and nicer without an exponent.
constexpr double kExact = 9'007'199'254'740'992;  // 2^53
/// Smaller ones have an exponent.
constexpr double kPlain = 1e-5;

void append_number(std::string& out, double value) {
    std::array<char, 32> digits{};
    auto* const end = digits.data() + digits.size();
    if (std::isnan(value)) {
        out += "NaN";
    } else if (std::isinf(value)) {
        out += value > 0 ? "+Inf" : "-Inf";
    } else if (std::abs(value) < kExact && std::trunc(value) == value) {
        auto const written =
            std::to_chars(digits.data(), end, static_cast<std::int64_t>(value)).ptr;
        out.append(digits.data(), written);
    } else if (std::abs(value) >= kPlain && std::abs(value) < kExact) {
        auto const written = std::to_chars(digits.data(), end, value, std::chars_format::fixed).ptr;
        out.append(digits.data(), written);
    } else {
        out.append(digits.data(), std::to_chars(digits.data(), end, value).ptr);
    }
}

/// `\`, line breaks and, in a label, `"` are escaped; all else goes as it is.
void append_escaped(std::string& out, std::string_view text, bool quotes) {
    for (char const character : text) {
        if (character == '\\') {
            out += "\\\\";
        } else if (character == '\n') {
            out += "\\n";
        } else if (character == '"' && quotes) {
            out += "\\\"";
        } else {
            out += character;
        }
    }
}

/// The labels of a line, opened by the first and closed by end().
class LabelList {
public:
    explicit LabelList(std::string& out) : out_(out) {}

    void add(std::string_view name, std::string_view value) {
        out_ += open_ ? ',' : '{';
        open_ = true;
        out_ += name;
        out_ += "=\"";
        append_escaped(out_, value, true);
        out_ += '"';
    }
    void end() {
        if (open_) {
            out_ += '}';
        }
        out_ += ' ';
    }

private:
    std::string& out_;
    bool open_{false};
};

double seconds_of(Micros duration) noexcept {
    return std::chrono::duration<double>(duration).count();
}

}  // namespace

void MetricsText::family(std::string_view name, FigureType type, std::string_view help) {
    text_ += "# HELP ";
    text_ += name;
    text_ += ' ';
    append_escaped(text_, help, false);
    text_ += "\n# TYPE ";
    text_ += name;
    text_ += ' ';
    text_ += to_string(type);
    text_ += '\n';
}

void MetricsText::figure(std::string_view name, Labels labels, double value) {
    text_ += name;
    LabelList list(text_);
    for (auto const& [label, text] : labels) {
        list.add(label, text);
    }
    list.end();
    append_number(text_, value);
    text_ += '\n';
}

void MetricsText::sheet(FigureSheet const& sheet) {
    for (auto const& [name, family_of_name] : sheet.families()) {
        family(name, family_of_name.type, family_of_name.help);
        for (auto const& one : family_of_name.figures) {
            if (one.durations) {
                histogram(name, one);
                continue;
            }
            text_ += name;
            LabelList list(text_);
            for (auto const& [label, value] : one.labels) {
                list.add(label, value);
            }
            list.end();
            append_number(text_, one.value);
            text_ += '\n';
        }
    }
}

void MetricsText::histogram(std::string_view name, Figure const& figure) {
    auto const line = [&](std::string_view suffix, std::string_view bound, double value) {
        text_ += name;
        text_ += suffix;
        LabelList list(text_);
        for (auto const& [label, text] : figure.labels) {
            list.add(label, text);
        }
        if (!bound.empty()) {
            list.add("le", bound);
        }
        list.end();
        append_number(text_, value);
        text_ += '\n';
    };
    auto const& durations = *figure.durations;
    std::uint64_t so_far = 0;
    std::string bound;
    for (std::size_t bucket = 0; bucket < DurationHistogram::kBounds.size(); ++bucket) {
        so_far += durations.buckets()[bucket];
        bound.clear();
        append_number(bound, seconds_of(DurationHistogram::kBounds[bucket]));
        line("_bucket", bound, static_cast<double>(so_far));
    }
    line("_bucket", "+Inf", static_cast<double>(durations.count()));
    line("_sum", {}, seconds_of(durations.sum()));
    line("_count", {}, static_cast<double>(durations.count()));
}

}  // namespace muster
