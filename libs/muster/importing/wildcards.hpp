#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace muster::importing {

/// What a text with wildcards asks of a body. At most one is set; none: nothing.
struct WildcardTest {
    std::string contains;  ///< `*text*`: the text.
    std::string matches;   ///< Anything else: an RE2 expression for the whole body.
};

/// Reads wildcards as Go's filepath.Match does over a text without separators: `*` any characters,
/// `?` one, `[a-z]` and `[^a-z]` one of a set, `\` takes the next one as it is. Nothing: a set or a
/// `\` has no end.
[[nodiscard]] std::optional<WildcardTest> read_wildcards(std::string_view pattern);

/// An RE2 expression that only this text is.
[[nodiscard]] std::string exactly(std::string_view text);

}  // namespace muster::importing
