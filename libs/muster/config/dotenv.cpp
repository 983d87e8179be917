#include <muster/config/dotenv.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include <muster/base/ascii.hpp>

namespace muster::config {
namespace {

constexpr std::string_view kBlanksOfRow = " \t\r";

bool is_name(std::string_view name) noexcept {
    auto const letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !name.empty() && letter(name.front()) &&
           std::all_of(name.begin(), name.end(), [&](char c) {
               return letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
           });
}

/// A quoted value at the start of `text`, and how long it was with its quotes.
struct Quoted {
    std::string value;
    std::size_t length{0};
};

char unescaped(char character) noexcept {
    switch (character) {
        case 'n':
            return '\n';
        case 't':
            return '\t';
        case 'r':
            return '\r';
        default:
            return character;
    }
}

std::optional<Quoted> quoted_value(std::string_view text) {
    char const quote = text.front();
    Quoted result;
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] == quote) {
            result.length = at + 1;
            return result;
        }
        bool const escape = quote == '"' && text[at] == '\\' && at + 1 < text.size();
        if (escape) {
            ++at;
        }
        result.value += escape ? unescaped(text[at]) : text[at];
    }
    return std::nullopt;
}

std::string_view without_comment(std::string_view value) noexcept {
    for (auto at = value.find('#'); at != std::string_view::npos; at = value.find('#', at + 1)) {
        if (at == 0 || kBlanksOfRow.find(value[at - 1]) != std::string_view::npos) {
            return trimmed(value.substr(0, at));
        }
    }
    return trimmed(value);
}

class DotenvReader {
public:
    explicit DotenvReader(std::string_view text) noexcept : rest_(text) {}

    Dotenv read() {
        while (!rest_.empty()) {
            read_line();
        }
        return std::move(result_);
    }

private:
    void read_line() {
        auto const row = rest_.substr(0, rest_.find('\n'));
        auto const content = trimmed(row);
        if (content.empty() || content.front() == '#') {
            skip(row.size() + 1);
            return;
        }
        auto const equals = row.find('=');
        auto name = trimmed(row.substr(0, equals));
        constexpr std::string_view kExport = "export ";
        if (name.substr(0, kExport.size()) == kExport) {
            name = trimmed(name.substr(kExport.size()));
        }
        if (equals == std::string_view::npos || !is_name(name)) {
            warn("no NAME=value");
            skip(row.size() + 1);
            return;
        }
        read_value(std::string(name), row, equals + 1);
    }

    void read_value(std::string name, std::string_view row, std::size_t start) {
        auto const first = row.find_first_not_of(kBlanksOfRow, start);
        if (first == std::string_view::npos || (row[first] != '"' && row[first] != '\'')) {
            result_.variables[std::move(name)] = std::string(without_comment(row.substr(start)));
            skip(row.size() + 1);
            return;
        }
        auto value = quoted_value(rest_.substr(first));
        if (!value) {
            warn("a quote that does not end");
            skip(row.size() + 1);
            return;
        }
        result_.variables[std::move(name)] = std::move(value->value);
        skip(first + value->length);
        skip(rest_.substr(0, rest_.find('\n')).size() + 1);
    }

    void skip(std::size_t count) {
        auto const skipped = rest_.substr(0, count);
        line_ += static_cast<int>(std::count(skipped.begin(), skipped.end(), '\n'));
        rest_.remove_prefix(skipped.size());
    }

    void warn(std::string const& what) {
        result_.warnings.push_back(".env:" + std::to_string(line_) + ": " + what +
                                   ": this line is left out");
    }

    std::string_view rest_;
    int line_{1};
    Dotenv result_;
};

}  // namespace

Dotenv read_dotenv(std::string_view text) {
    return DotenvReader(text).read();
}

}  // namespace muster::config
