#include <muster/api/target.hpp>

#include <algorithm>
#include <optional>
#include <string>

#include <muster/base/utf8.hpp>

namespace muster {
namespace {

constexpr std::string_view kControl = "the URL holds control characters";
constexpr std::string_view kEscape = "the URL holds a broken percent escape";
constexpr std::string_view kNoText = "the URL is not valid UTF-8";

constexpr int hex_value(char digit) noexcept {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    if (digit >= 'A' && digit <= 'F') {
        return digit - 'A' + 10;
    }
    return -1;
}

enum class Plus : bool { stays, is_space };

/// What was wrong, or empty.
std::string_view decode(std::string_view raw, Plus plus, std::string& out) {
    out.reserve(raw.size());
    for (std::size_t index = 0; index < raw.size(); ++index) {
        char character = raw[index];
        if (character == '%') {
            if (raw.size() - index < 3) {
                return kEscape;
            }
            int const high = hex_value(raw[index + 1]);
            int const low = hex_value(raw[index + 2]);
            if (high < 0 || low < 0) {
                return kEscape;
            }
            character = static_cast<char>(high * 16 + low);
            index += 2;
        } else if (character == '+' && plus == Plus::is_space) {
            character = ' ';
        }
        if (static_cast<unsigned char>(character) < 0x20 || character == 0x7f) {
            return kControl;
        }
        out += character;
    }
    return is_valid_utf8(out) ? std::string_view() : kNoText;
}

/// Cuts `text` at the first `separator`: what stands before it; the rest stays in `text`.
std::string_view cut(std::string_view& text, char separator) {
    auto const end = std::min(text.find(separator), text.size());
    auto const part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

std::string_view read_query(std::string_view raw, std::vector<QueryParameter>& query) {
    while (!raw.empty()) {
        auto value = cut(raw, '&');
        if (value.empty()) {
            continue;
        }
        auto const name = cut(value, '=');
        auto& parameter = query.emplace_back();
        for (auto const problem : {decode(name, Plus::is_space, parameter.name),
                                   decode(value, Plus::is_space, parameter.value)}) {
            if (!problem.empty()) {
                return problem;
            }
        }
    }
    return {};
}

std::string_view read_path(std::string_view raw, Target& target) {
    auto const problem = decode(raw, Plus::stays, target.path);
    if (!problem.empty()) {
        return problem;
    }
    raw.remove_prefix(1);
    while (!raw.empty()) {
        auto& segment = target.segments.emplace_back();
        if (auto const broken = decode(cut(raw, '/'), Plus::stays, segment); !broken.empty()) {
            return broken;
        }
    }
    return {};
}

/// `http://host/path` -> `/path`, `http://host?q` -> `/?q`; nothing for another shape.
std::optional<std::string> origin_form(std::string_view raw) {
    auto const scheme_end = raw.find("://");
    if (scheme_end == std::string_view::npos || scheme_end == 0) {
        return std::nullopt;
    }
    raw.remove_prefix(scheme_end + 3);
    auto const path = std::min(raw.find_first_of("/?"), raw.size());
    if (path == 0) {
        return std::nullopt;
    }
    std::string form(raw.substr(path));
    if (form.empty() || form.front() != '/') {
        form.insert(0, 1, '/');
    }
    return form;
}

}  // namespace

Result<Target> parse_target(std::string_view raw) {
    Target target;
    if (raw == "*") {
        target.path = "*";
        return target;
    }
    std::optional<std::string> rewritten;
    if (raw.empty() || raw.front() != '/') {
        rewritten = origin_form(raw);
        if (!rewritten) {
            return failure(Errc::invalid, "the URL must start with a slash");
        }
        raw = *rewritten;
    }
    raw = raw.substr(0, raw.find('#'));
    auto query = raw;
    auto const path = cut(query, '?');
    for (auto const problem : {read_path(path, target), read_query(query, target.query)}) {
        if (!problem.empty()) {
            return failure(Errc::invalid, std::string(problem));
        }
    }
    return target;
}

}  // namespace muster
