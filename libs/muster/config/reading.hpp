#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <muster/config/load.hpp>
#include <muster/config/mentions.hpp>
#include <muster/config/mistake.hpp>
#include <muster/config/yaml_tree.hpp>

namespace muster::config {

/// What everything that reads a part of the file shares: what fills in variables, and where
/// mistakes go. Readers go on after a mistake so that all are found at once.
class Reading {
public:
    /// More mistakes than this help nobody.
    static constexpr std::size_t kMaxMistakes = 1000;

    using KnowsZone = std::function<bool(std::string const& zone)>;

    Reading(std::string file, Environment const& environment, KnowsZone knows_zone)
        : file_(std::move(file)), environment_(environment), knows_zone_(std::move(knows_zone)) {}

    void refuse(YamlNode at, std::string message) {
        if (mistakes_.size() < kMaxMistakes) {
            mistakes_.push_back({file_, at.line(), at.column(), std::move(message)});
        }
    }

    /// Something that works, but hardly as it was meant.
    void warn(YamlNode at, std::string message) {
        if (warnings_.size() < kMaxMistakes) {
            warnings_.push_back({file_, at.line(), at.column(), std::move(message)});
        }
    }

    [[nodiscard]] Mentions& mentions() noexcept { return mentions_; }
    [[nodiscard]] bool knows_zone(std::string const& zone) const {
        return !knows_zone_ || knows_zone_(zone);
    }
    [[nodiscard]] Environment const& environment() const noexcept { return environment_; }
    [[nodiscard]] std::vector<Mistake> take_mistakes() { return std::exchange(mistakes_, {}); }
    [[nodiscard]] std::vector<Mistake> take_warnings() { return std::exchange(warnings_, {}); }

private:
    std::string file_;
    Environment const& environment_;
    KnowsZone knows_zone_;
    std::vector<Mistake> mistakes_;
    std::vector<Mistake> warnings_;
    Mentions mentions_;
};

}  // namespace muster::config
