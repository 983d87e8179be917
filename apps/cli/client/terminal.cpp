#include <cli/client/terminal.hpp>

#include <cstdlib>
#include <iostream>

#include <unistd.h>

#include <cli/client/exit_codes.hpp>

namespace muster {

Terminal standard_terminal() {
    char const* const no_colour = std::getenv("NO_COLOR");
    bool const interactive = ::isatty(STDOUT_FILENO) == 1;
    bool const colour = interactive && (no_colour == nullptr || *no_colour == '\0');
    return {std::cout, std::cerr, colour, interactive};
}

int tell(Error const& error, Terminal const& terminal) {
    terminal.out.flush();
    terminal.err << "muster: " << error.message << '\n';
    return exit_code_of(error.code);
}

}  // namespace muster
