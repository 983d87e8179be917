#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace muster::importing {

/// A text as a name: what a name cannot have becomes dashes. Empty: it has no letter and no digit.
[[nodiscard]] std::string as_name(std::string_view text);

/// Whose names they are: a project's are not only digits (paths take ids as well).
enum class NameOf : std::uint8_t { project, service };

/// Makes names that Muster takes (`[A-Za-z0-9][A-Za-z0-9_-]{0,99}`) out of any text, each one once.
class GivenNames {
public:
    /// What an empty text, or one without a letter or digit, is called.
    GivenNames(NameOf of, std::string nameless) : of_(of), nameless_(std::move(nameless)) {}

    /// Never to be given.
    void reserve(std::string name) { given_.insert(std::move(name)); }

    /// A name that was not given before: as near to `text` as it can be.
    [[nodiscard]] std::string give(std::string_view text);

private:
    NameOf of_;
    std::string nameless_;
    std::set<std::string, std::less<>> given_;
    std::map<std::string, int, std::less<>> next_;  ///< The number that a name is tried with next.
};

}  // namespace muster::importing
