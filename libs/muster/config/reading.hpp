#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/config/interpolation.hpp>
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

    /// `environment`: null where texts are taken as they are; else it outlives this.
    Reading(std::string file, Environment const* environment, Machine machine)
        : file_(std::move(file)), environment_(environment), machine_(std::move(machine)) {}

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
    [[nodiscard]] Machine const& machine() const noexcept { return machine_; }
    [[nodiscard]] bool knows_zone(std::string const& zone) const {
        return !machine_.knows_zone || machine_.knows_zone(zone);
    }
    /// Null: there are no variables.
    [[nodiscard]] Environment const* environment() const noexcept { return environment_; }
    /// A text with its variables filled in. Errors: see fill_in().
    [[nodiscard]] Result<std::string> filled_in(std::string_view text) const {
        return environment_ == nullptr ? std::string(text) : fill_in(text, *environment_);
    }
    [[nodiscard]] std::vector<Mistake> take_mistakes() { return std::exchange(mistakes_, {}); }
    [[nodiscard]] std::vector<Mistake> take_warnings() { return std::exchange(warnings_, {}); }

private:
    std::string file_;
    Environment const* environment_;
    Machine machine_;
    std::vector<Mistake> mistakes_;
    std::vector<Mistake> warnings_;
    Mentions mentions_;
};

}  // namespace muster::config
