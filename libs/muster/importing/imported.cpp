#include <muster/importing/imported.hpp>

#include <algorithm>
#include <string_view>

#include <muster/base/utf8.hpp>

namespace muster::importing {
namespace {

constexpr std::size_t kMaxShown = 200;

/// As `.env` reads it back: plain quotes take everything as it stands but themselves.
std::string quoted(std::string_view value) {
    if (value.find('\'') == std::string_view::npos) {
        return "'" + std::string(value) + "'";
    }
    std::string out = "\"";
    for (char const character : value) {
        switch (character) {
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            case '"':
            case '\\':
            case '$':
                out += '\\';
                out += character;
                break;
            default:
                out += character;
        }
    }
    return out + '"';
}

}  // namespace

std::string to_text(Note const& note) {
    std::string text;
    if (!note.origin.file.empty()) {
        text += clean_text(note.origin.file, kMaxShown) + ":";
        text += note.origin.line > 0 ? std::to_string(note.origin.line) + ": " : " ";
    }
    if (!note.origin.entry.empty()) {
        text += clean_text(note.origin.entry, kMaxShown) + ": ";
    }
    if (!note.what.empty()) {
        text += clean_text(note.what, kMaxShown) + ": ";
    }
    text += clean_text(note.why);
    return note.remedy.empty() ? text : text + "; " + clean_text(note.remedy);
}

bool has_losses(Imported const& imported) noexcept {
    return std::any_of(imported.notes.begin(), imported.notes.end(),
                       [](Note const& note) { return note.weight != Weight::told; });
}

std::string dotenv_of(Imported const& imported) {
    std::string text;
    for (auto const& variable : imported.variables) {
        if (!variable.from_source) {
            text += "# " + clean_text(variable.what, kMaxShown) + "\n" + variable.name + "=" +
                    quoted(variable.value) + "\n";
        }
    }
    return text;
}

}  // namespace muster::importing
