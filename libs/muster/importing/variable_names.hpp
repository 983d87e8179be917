#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <muster/importing/imported.hpp>

namespace muster::importing {

/// The variables of a file that is being written.
class VariableNames {
public:
    /// A variable that the source itself asks for: nothing else will go by its name.
    void reserve(std::string_view name);

    /// The name of a variable for `secret`: the same secret gets the same one. `parts` make up the
    /// name, `what` tells people what it is.
    [[nodiscard]] std::string name_for(std::string const& secret,
                                       std::vector<std::string_view> const& parts,
                                       std::string const& what);

    /// The secret that a variable stands for; null: it is none of them.
    [[nodiscard]] std::string const* secret_of(std::string_view name) const noexcept;

    /// All that was named, in that order.
    [[nodiscard]] std::vector<Variable> const& secrets() const noexcept { return secrets_; }

private:
    std::set<std::string, std::less<>> taken_;
    std::map<std::string, std::string> names_;                 ///< By secret.
    std::map<std::string, std::size_t, std::less<>> indexes_;  ///< In secrets_, by name.
    std::vector<Variable> secrets_;
};

/// Whether Muster itself reads a variable of this name: in a file it would mean two things.
[[nodiscard]] bool is_ours(std::string_view variable) noexcept;

/// The names of the variables that a text of a file of ours has filled in.
[[nodiscard]] std::vector<std::string> variables_in(std::string_view text);

}  // namespace muster::importing
