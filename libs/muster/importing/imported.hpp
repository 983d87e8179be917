#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <muster/base/enum_names.hpp>

namespace muster::importing {

/// What became of something in the source.
enum class Weight : std::uint8_t {
    told,     ///< Nothing is lost: it goes by another name, or there is something to know.
    partly,   ///< It is carried over, but not all of what it said.
    missing,  ///< It is not carried over.
};

constexpr EnumNames<Weight, 3> enum_names(Weight) {
    return {{{Weight::told, "told"}, {Weight::partly, "partly"}, {Weight::missing, "missing"}}};
}

/// A place in a source, as notes name it.
struct Origin {
    std::string file;
    int line{0};        ///< From 1; 0: the source has no lines.
    std::string entry;  ///< What people call the thing there: `core/api`. Empty: the whole file.

    auto operator<=>(Origin const&) const = default;
};

/// Something to tell the person who imports. Never shows a secret.
struct Note {
    Weight weight{Weight::told};
    Origin origin;
    std::string what;    ///< The thing at issue: `[CERTIFICATE_EXPIRATION] > 48h`.
    std::string why;     ///< What became of it, and why.
    std::string remedy;  ///< What can be done; may be empty.

    auto operator<=>(Note const&) const = default;
};

/// `gatus.yml:12: core/api: method PUT: is not sent by checks; ...`: one line, fit to print.
[[nodiscard]] std::string to_text(Note const& note);

/// A variable that the written file asks for.
struct Variable {
    std::string name;
    std::string value;  ///< Secret. Empty where the source asked for a variable too.
    std::string what;   ///< `header Authorization of core/api`.
    bool from_source{false};

    auto operator<=>(Variable const&) const = default;
};

/// What an import makes of a source.
struct Imported {
    std::string yaml;  ///< A file that this program reads; no secret that was in the source.
    std::vector<Note> notes;
    std::vector<Variable> variables;
    std::size_t projects{0};
    // Entries of the source, each in one of the three.
    std::size_t carried{0};
    std::size_t partly{0};
    std::size_t missing{0};
};

/// Whether anything that the source says is not in the file.
[[nodiscard]] bool has_losses(Imported const& imported) noexcept;

/// A `.env` file with the variables whose values the source held; empty where there are none.
[[nodiscard]] std::string dotenv_of(Imported const& imported);

}  // namespace muster::importing
