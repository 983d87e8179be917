#include "trace.hpp"

#include <array>
#include <cstdio>
#include <vector>

namespace muster::simulation {
namespace {

/// A line without its time and with `#` for every number: what it is about.
std::string gist_of(std::string_view line) {
    std::string gist;
    bool in_number = false;
    for (auto const character : line.substr(line.find(' '))) {
        bool const digit = character >= '0' && character <= '9';
        if (!digit) {
            gist += character;
        } else if (!in_number) {
            gist += '#';
        }
        in_number = digit;
    }
    return gist;
}

}  // namespace

void Trace::add(std::string_view what) {
    ++count_;
    if (keep_ == 0) {
        return;
    }
    auto const now = loop_.now();
    auto const micros = std::chrono::floor<Micros>(now.steady.time_since_epoch()).count();
    auto const set_by = loop_.wall_offset().count();
    std::array<char, 64> head{};
    std::snprintf(head.data(), head.size(), "%lld.%06lld",
                  static_cast<long long>(micros / 1'000'000),
                  static_cast<long long>(micros % 1'000'000));
    std::string line = head.data();
    if (set_by != 0) {
        line += (set_by > 0 ? "+" : "") + std::to_string(set_by) + "ms";
    }
    if (lines_.size() == keep_) {
        lines_.pop_front();
    }
    lines_.push_back(line + ' ' + std::string(what));
}

std::string shortened(Trace const& trace, std::size_t most) {
    std::vector<std::string> shown;  // newest first
    std::string last_gist;
    std::size_t repeated = 0;
    auto const tell_repeats = [&] {
        if (repeated > 0) {
            shown.push_back("  (and " + std::to_string(repeated) + " like it before)");
        }
        repeated = 0;
    };
    for (auto line = trace.lines().rbegin(); line != trace.lines().rend(); ++line) {
        auto gist = gist_of(*line);
        if (gist == last_gist) {
            ++repeated;
            continue;
        }
        tell_repeats();
        if (shown.size() >= most) {
            break;
        }
        last_gist = std::move(gist);
        shown.push_back(*line);
    }
    tell_repeats();
    std::string text;
    for (auto line = shown.rbegin(); line != shown.rend(); ++line) {
        text += *line + "\n";
    }
    return text;
}

}  // namespace muster::simulation
