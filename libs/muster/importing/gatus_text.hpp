#pragma once

#include <set>
#include <string>
#include <string_view>

#include <muster/config/load.hpp>

namespace muster::importing {

/// Texts of a Gatus configuration, in which `$NAME` and `${NAME}` are filled in from the
/// environment and `$$` is a dollar.
class GatusTexts {
public:
    explicit GatusTexts(config::Environment const& environment) : environment_(environment) {}

    /// The text as a file of ours spells it: variables stay variables. One that Muster itself reads
    /// goes by another name, `IMPORTED_…`.
    [[nodiscard]] std::string ours(std::string_view text);

    /// The text with the variables that are known filled in; the others stay as they are.
    [[nodiscard]] std::string filled_in(std::string_view text) const;

    /// Variables that go by another name.
    [[nodiscard]] std::set<std::string> const& renamed() const noexcept { return renamed_; }

    /// A dollar right before a variable, which a file of ours cannot say, was dropped.
    [[nodiscard]] bool dropped_dollar() const noexcept { return dropped_dollar_; }

private:
    config::Environment const& environment_;
    std::set<std::string> renamed_;
    bool dropped_dollar_{false};
};

}  // namespace muster::importing
