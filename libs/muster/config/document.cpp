#include <muster/config/document.hpp>

#include <algorithm>
#include <array>

#include <muster/base/ascii.hpp>
#include <muster/config/unseen_character.hpp>

namespace muster::config {
namespace {

/// `\uXXXX`
void append_escape(std::string& out, unsigned code) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += "\\u";
    for (unsigned shift = 16; shift > 0; shift -= 4) {
        out += kHex[(code >> (shift - 4)) & 0xFU];
    }
}

void append_visible(std::string& out, std::string_view text) {
    for (char const character : text) {
        auto const code = static_cast<unsigned char>(character);
        if (character == '"' || character == '\\') {
            out += '\\';
            out += character;
        } else if (character == '\n') {
            out += "\\n";
        } else if (code < 0x20 || code == 0x7F) {
            append_escape(out, code);
        } else {
            out += character;
        }
    }
}

/// In double quotes, where YAML and JSON agree (YAML 1.2 section 5.7, RFC 8259 section 7).
std::string quoted(std::string_view text) {
    std::string out = "\"";
    while (auto const unseen = find_unseen_character(text)) {
        append_visible(out, text.substr(0, unseen->at));
        append_escape(out, unseen->code);
        text.remove_prefix(unseen->at + unseen->size);
    }
    append_visible(out, text);
    return out + '"';
}

/// Whether YAML reads the text as this text without quotes, in block and in flow.
bool is_plain(std::string_view text) {
    constexpr std::array<std::string_view, 9> kOtherMeaning{"true", "false", "yes", "no", "on",
                                                            "off",  "null",  "y",   "n"};
    if (text.empty() || !is_letter(text.front()) ||
        std::find(kOtherMeaning.begin(), kOtherMeaning.end(), in_lower_case(text)) !=
            kOtherMeaning.end()) {
        return false;
    }
    return std::all_of(text.begin(), text.end(), [](char c) {
        return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '/';
    });
}

std::string yaml_text(std::string_view text) {
    return is_plain(text) ? std::string(text) : quoted(text);
}

struct JsonWriter {
    std::string& out;

    void operator()(std::string const& text) const { out += quoted(text); }
    void operator()(Document::Bare const& bare) const { out += bare.word; }
    void operator()(Document::List const& list) const {
        out += '[';
        for (auto const& item : list) {
            out += &item == &list.front() ? "" : ",";
            std::visit(*this, item.value());
        }
        out += ']';
    }
    void operator()(Document::Map const& map) const {
        out += '{';
        for (auto const& [key, value] : map) {
            out += &key == &map.front().first ? "" : ",";
            out += quoted(key) + ":";
            std::visit(*this, value.value());
        }
        out += '}';
    }
};

/// A value in one line; nothing if it needs several.
struct Inline {
    std::string operator()(std::string const& text) const { return yaml_text(text); }
    std::string operator()(Document::Bare const& bare) const { return bare.word; }
    std::string operator()(Document::List const& list) const {
        std::string out = "[";
        for (auto const& item : list) {
            auto const text = std::visit(*this, item.value());
            if (text.empty() || std::holds_alternative<Document::Map>(item.value())) {
                return "";
            }
            out += (&item == &list.front() ? "" : ", ") + text;
        }
        return out + "]";
    }
    std::string operator()(Document::Map const& map) const { return map.empty() ? "{}" : ""; }
};

class YamlWriter {
public:
    explicit YamlWriter(std::string& out) : out_(out) {}

    /// The fields of a map at an indent; the first one stands where the line is already.
    void write(Document::Map const& map, std::size_t indent) {
        for (auto const& [key, value] : map) {
            if (&key != &map.front().first) {
                out_ += std::string(indent, ' ');
            }
            out_ += yaml_text(key) + ":";
            write_value(value, indent + 2);
        }
    }

private:
    void write_value(Document const& value, std::size_t indent) {
        auto const line = std::visit(Inline{}, value.value());
        if (!line.empty()) {
            out_ += " " + line + "\n";
        } else if (auto const* map = std::get_if<Document::Map>(&value.value())) {
            out_ += "\n" + std::string(indent, ' ');
            write(*map, indent);
        } else if (auto const* list = std::get_if<Document::List>(&value.value())) {
            out_ += "\n";
            for (auto const& item : *list) {
                write_item(item, indent);
            }
        }
    }

    void write_item(Document const& item, std::size_t indent) {
        out_ += std::string(indent, ' ') + "-";
        auto const line = std::visit(Inline{}, item.value());
        if (!line.empty()) {
            out_ += " " + line + "\n";
        } else if (auto const* map = std::get_if<Document::Map>(&item.value())) {
            out_ += " ";
            write(*map, indent + 2);
        } else {
            write_value(item, indent + 2);
        }
    }

    std::string& out_;
};

}  // namespace

std::string to_json(Document const& document) {
    std::string out;
    std::visit(JsonWriter{out}, document.value());
    return out;
}

std::string to_yaml(Document const& document) {
    std::string out;
    auto const line = std::visit(Inline{}, document.value());
    if (!line.empty()) {
        return line + "\n";
    }
    if (auto const* map = std::get_if<Document::Map>(&document.value())) {
        YamlWriter(out).write(*map, 0);
    } else {
        out = to_json(document) + "\n";
    }
    return out;
}

}  // namespace muster::config
