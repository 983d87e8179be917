#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <muster/base/result.hpp>

namespace re2 {
class RE2;
}

namespace muster {

/// A regular expression in RE2's syntax, compiled once. Matching takes time linear in the text,
/// whatever the expression. A value: copies share what was compiled. Safe from any thread.
class TextPattern {
public:
    static constexpr std::size_t kMaxBytes = 1000;

    /// Errors: invalid, in RE2's words: `missing ): (5..`.
    [[nodiscard]] static Result<TextPattern> compile(std::string_view text);

    /// The whole text, from its first to its last character, is what the expression describes.
    [[nodiscard]] bool matches_whole(std::string_view text) const;

    /// The leftmost piece of the text that is what the expression describes, inside `text`.
    [[nodiscard]] std::optional<std::string_view> find_in(std::string_view text) const;

    [[nodiscard]] std::string const& text() const noexcept;

    bool operator==(TextPattern const& other) const noexcept { return text() == other.text(); }

private:
    explicit TextPattern(std::shared_ptr<re2::RE2 const> compiled);

    std::shared_ptr<re2::RE2 const> compiled_;
};

}  // namespace muster
