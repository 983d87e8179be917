#pragma once

#include <compare>
#include <string>
#include <vector>

#include <muster/base/result.hpp>

namespace muster::config {

/// Something in the configuration that a person must put right.
struct Mistake {
    std::string file;  ///< Empty: the environment.
    int line{0};       ///< From 1; 0: none.
    int column{0};     ///< From 1; 0: none.
    std::string message;

    auto operator<=>(Mistake const&) const = default;
};

/// `muster.yaml:12:5: message`, or the message alone where there is no file.
[[nodiscard]] std::string to_text(Mistake const& mistake);

template <class T>
using Checked = tl::expected<T, std::vector<Mistake>>;

}  // namespace muster::config
