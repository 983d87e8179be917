#include <muster/codec/clean_lines.hpp>

#include <algorithm>

#include <muster/base/utf8.hpp>

namespace muster {

std::string clean_lines(std::string_view text, std::size_t max_bytes) {
    std::string out;
    while (!text.empty() && out.size() < max_bytes) {
        auto const end = std::min(text.find('\n'), text.size());
        out += clean_text(text.substr(0, end), max_bytes - out.size());
        text.remove_prefix(end);
        if (!text.empty() && out.size() < max_bytes) {
            out += '\n';
            text.remove_prefix(1);
        }
    }
    return out;
}

}  // namespace muster
