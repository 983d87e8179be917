#pragma once

#include <iosfwd>

#include <muster/base/result.hpp>

namespace muster {

/// Where a command prints.
struct Terminal {
    std::ostream& out;
    std::ostream& err;  ///< What went wrong and what to do.
    bool colour{false};
    bool interactive{false};  ///< A person looks at `out`: it may be drawn over.
};

/// Standard output and error; colours on a terminal unless NO_COLOR is set to something.
[[nodiscard]] Terminal standard_terminal();

/// Tells what went wrong; the exit code that stands for it.
[[nodiscard]] int tell(Error const& error, Terminal const& terminal);

}  // namespace muster
