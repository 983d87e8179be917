#pragma once

#include <string_view>
#include <vector>

namespace muster::config {

/// A place in a text; both count from 1.
struct Place {
    int line{1};
    int column{1};

    bool operator==(Place const&) const = default;
};

/// The lines of a text, which must outlive it. Finds the place of values that are not written: the
/// YAML parser gives that of whatever follows, which may be pages below.
class SourceLines {
public:
    explicit SourceLines(std::string_view text);

    /// `place` itself if a null is spelled out there (`~`, `null`); else the last character before
    /// it that is neither blank nor in a comment (as far as one can tell without reading quotes).
    [[nodiscard]] Place place_of_nothing(Place place) const;

    [[nodiscard]] std::vector<std::string_view> const& lines() const noexcept { return lines_; }

private:
    std::vector<std::string_view> lines_;
};

}  // namespace muster::config
