#include <variant>

#include <cli/options.hpp>
#include <cli/up_command.hpp>

int main(int argc, char** argv) {
    int code = 0;
    auto const command = muster::read_command(argc, argv, code);
    if (!command) {
        return code;
    }
    return muster::run_up(std::get<muster::UpCommand>(*command));
}
