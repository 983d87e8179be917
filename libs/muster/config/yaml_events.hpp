#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <muster/config/source_lines.hpp>

namespace muster::config {

/// What a YAML text says, piece by piece (YAML 1.2 section 3.1.1, the serialization tree). Texts
/// are valid until the next event.
struct YamlEvent {
    enum class Kind : std::uint8_t {
        document,
        alias,
        scalar,
        list_begin,
        list_end,
        map_begin,
        map_end
    };

    Kind kind{Kind::document};
    Place place;
    std::string_view anchor;  ///< Of an alias: which it stands for. Empty: none.
    std::string_view tag;     ///< As it is resolved; empty: none is written.
    std::string_view text;    ///< Of a scalar.
    bool plain{false};        ///< A scalar without quotes that is no block.
};

/// Why a text is no YAML.
struct YamlProblem {
    Place place;
    std::string why;
};

/// Reads the events of a text. Memory is bounded by the text's nesting and its longest scalar.
class YamlEvents {
public:
    /// `source` are the lines of `text`; both must outlive this.
    YamlEvents(std::string_view text, SourceLines const& source);
    ~YamlEvents();
    YamlEvents(YamlEvents const&) = delete;
    YamlEvents& operator=(YamlEvents const&) = delete;

    /// Nothing: the text has ended, or there is a problem().
    [[nodiscard]] std::optional<YamlEvent> next();

    [[nodiscard]] std::optional<YamlProblem> const& problem() const noexcept { return problem_; }

private:
    struct Parser;

    std::unique_ptr<Parser> parser_;
    std::optional<YamlProblem> problem_;
};

}  // namespace muster::config
