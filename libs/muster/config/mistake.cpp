#include <muster/config/mistake.hpp>

namespace muster::config {

std::string to_text(Mistake const& mistake) {
    std::string text;
    if (!mistake.file.empty()) {
        text = mistake.file + ":";
        if (mistake.line > 0) {
            text += std::to_string(mistake.line) + ":";
        }
        if (mistake.line > 0 && mistake.column > 0) {
            text += std::to_string(mistake.column) + ":";
        }
        text += " ";
    }
    return text + mistake.message;
}

}  // namespace muster::config
