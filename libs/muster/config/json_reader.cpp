#include <muster/config/json_reader.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include <muster/base/utf8.hpp>
#include <muster/config/yaml_reader.hpp>

namespace muster::config {
namespace {

constexpr std::string_view kJsonBlanks = " \t\r\n";
constexpr std::string_view kDigits = "0123456789";

/// RFC 8259 section 6: `-`, digits without a leading zero, a fraction, an exponent.
bool is_number(std::string_view text) noexcept {
    auto const digits = [&text] {
        auto const count = std::min(text.find_first_not_of(kDigits), text.size());
        text.remove_prefix(count);
        return count > 0;
    };
    auto const take = [&text](std::string_view any) {
        bool const there = !text.empty() && any.find(text.front()) != std::string_view::npos;
        text.remove_prefix(there ? 1 : 0);
        return there;
    };
    (void)take("-");
    bool const zero = text.substr(0, 1) == "0";
    if (zero) {
        text.remove_prefix(1);
    } else if (!digits()) {
        return false;
    }
    if (take(".") && !digits()) {
        return false;
    }
    if (take("eE")) {
        (void)take("+-");
        if (!digits()) {
            return false;
        }
    }
    return text.empty();
}

void append_utf8(std::string& out, std::uint32_t code) {
    auto const tail = [&out, code](unsigned shift) {
        out += static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
    };
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0U | (code >> 6U));
        tail(0);
    } else if (code < 0x1'0000) {
        out += static_cast<char>(0xE0U | (code >> 12U));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0U | (code >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

class JsonParser {
public:
    JsonParser(std::string_view text, YamlTree& tree) noexcept : text_(text), tree_(tree) {}

    /// Whether the text was JSON.
    bool read() {
        skip_blanks();
        if (!value()) {
            return false;
        }
        skip_blanks();
        return at_ == text_.size() || refuse("something follows behind its end");
    }

    [[nodiscard]] Mistake mistake(std::string const& file) const {
        return {file, line_, column_of(at_), problem_};
    }

private:
    bool value() {
        if (at_ == text_.size()) {
            return refuse("a value is missing");
        }
        switch (text_[at_]) {
            case '{':
                return container(NodeKind::map, '}');
            case '[':
                return container(NodeKind::list, ']');
            case '"':
                return text();
            default:
                return word();
        }
    }

    bool container(NodeKind kind, char end) {
        if (tree_.depth() == kMaxDepth) {
            return refuse("nested more than " + std::to_string(kMaxDepth) + " levels deep");
        }
        tree_.open(kind, line_, column_of(at_));
        ++at_;
        skip_blanks();
        if (take(end)) {
            tree_.close();
            return true;
        }
        while ((kind == NodeKind::list || key()) && value()) {
            skip_blanks();
            if (take(end)) {
                tree_.close();
                return true;
            }
            if (!take(',')) {
                return refuse(std::string("',' or '") + end + "' is missing");
            }
            skip_blanks();
        }
        return false;
    }

    bool key() {
        if (at_ == text_.size() || text_[at_] != '"') {
            return refuse("a key in double quotes is missing");
        }
        if (!text()) {
            return false;
        }
        skip_blanks();
        if (!take(':')) {
            return refuse("':' is missing");
        }
        skip_blanks();
        return true;
    }

    bool text() {
        auto const start = at_;
        std::string out;
        for (++at_; at_ < text_.size(); ++at_) {
            auto const character = text_[at_];
            if (character == '"') {
                tree_.add_scalar(line_, column_of(start), out, false);
                ++at_;
                return true;
            }
            if (static_cast<unsigned char>(character) < 0x20) {
                return refuse("a control character stands in a text: escape it");
            }
            if (character != '\\') {
                out += character;
            } else if (!escape(out)) {
                return false;
            }
        }
        at_ = start;
        return refuse("a text does not end");
    }

    /// At the backslash; leaves off at the last character of the escape.
    bool escape(std::string& out) {
        constexpr std::string_view kLetters = "\"\\/bfnrt";
        constexpr std::string_view kMeaning = "\"\\/\b\f\n\r\t";
        auto const letter = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
        if (letter == 'u') {
            return code_point(out);
        }
        auto const known = letter == '\0' ? std::string_view::npos : kLetters.find(letter);
        if (known == std::string_view::npos) {
            return refuse("there is no such escape");
        }
        out += kMeaning[known];
        ++at_;
        return true;
    }

    /// `\uXXXX`, or two of them (RFC 8259 section 7: a surrogate pair).
    bool code_point(std::string& out) {
        auto const first = hexadecimal(at_);
        if (!first) {
            return refuse("\\u wants four hexadecimal digits");
        }
        constexpr std::size_t kLength = 6;
        auto code = *first;
        auto end = at_ + kLength;
        if (code >= 0xD800 && code < 0xDC00) {
            auto const second = hexadecimal(end);
            if (!second || *second < 0xDC00 || *second > 0xDFFF) {
                return refuse("half of a surrogate pair stands alone");
            }
            code = 0x1'0000 + ((code - 0xD800) << 10U) + (*second - 0xDC00);
            end += kLength;
        } else if (code >= 0xDC00 && code <= 0xDFFF) {
            return refuse("half of a surrogate pair stands alone");
        }
        append_utf8(out, code);
        at_ = end - 1;
        return true;
    }

    /// Of the `\uXXXX` at a place.
    [[nodiscard]] std::optional<std::uint32_t> hexadecimal(std::size_t at) const {
        if (text_.substr(std::min(at, text_.size()), 2) != "\\u" || text_.size() - at < 6) {
            return std::nullopt;
        }
        std::uint32_t code = 0;
        for (char const digit : text_.substr(at + 2, 4)) {
            constexpr std::string_view kHex = "0123456789abcdefABCDEF";
            auto const place = kHex.find(digit);
            if (place == std::string_view::npos) {
                return std::nullopt;
            }
            code = code * 16 + static_cast<std::uint32_t>(place < 16 ? place : place - 6);
        }
        return code;
    }

    /// `null`, `true`, `false` or a number.
    bool word() {
        constexpr std::string_view kEnds = " \t\r\n,:]}[{\"";
        auto const end = std::min(text_.find_first_of(kEnds, at_), text_.size());
        auto const word = text_.substr(at_, end - at_);
        if (word == "null") {
            tree_.add_nothing(line_, column_of(at_));
        } else if (word == "true" || word == "false" || is_number(word)) {
            tree_.add_scalar(line_, column_of(at_), word, true);
        } else {
            return refuse(word.empty() ? "a value is missing"
                                       : "this is no value: a text goes into double quotes");
        }
        at_ = end;
        return true;
    }

    bool take(char character) {
        bool const there = at_ < text_.size() && text_[at_] == character;
        at_ += there ? 1 : 0;
        return there;
    }

    void skip_blanks() {
        auto const end = std::min(text_.find_first_not_of(kJsonBlanks, at_), text_.size());
        for (; at_ < end; ++at_) {
            if (text_[at_] == '\n') {
                ++line_;
                line_start_ = at_ + 1;
            }
        }
    }

    [[nodiscard]] int column_of(std::size_t at) const noexcept {
        return static_cast<int>(at - line_start_) + 1;
    }

    bool refuse(std::string problem) {
        problem_ = std::move(problem);
        return false;
    }

    std::string_view text_;
    YamlTree& tree_;
    std::size_t at_{0};
    int line_{1};
    std::size_t line_start_{0};
    std::string problem_;
};

}  // namespace

Checked<YamlTree> read_json(std::string_view text, std::string const& file) {
    auto const refuse = [](Mistake mistake) {
        return tl::unexpected(std::vector<Mistake>{std::move(mistake)});
    };
    if (text.size() > kMaxFileBytes) {
        return refuse({file, 0, 0, "larger than 64 MiB"});
    }
    if (!is_valid_utf8(text)) {
        return refuse({file, 0, 0, "this is not UTF-8"});
    }
    YamlTree tree;
    JsonParser parser(text, tree);
    if (!parser.read()) {
        return refuse(parser.mistake(file));
    }
    return tree;
}

}  // namespace muster::config
