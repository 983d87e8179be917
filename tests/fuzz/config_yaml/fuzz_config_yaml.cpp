// Any bytes as configuration file, `.env` and the variables: read or refused with mistakes that a
// person can find, in bounded time.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <muster/base/utf8.hpp>
#include <muster/config/dotenv.hpp>
#include <muster/config/load.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

void check(muster::config::LoadInput const& input) {
    auto const configuration = muster::config::load(input);
    if (configuration) {
        require(!configuration->hub.listen.empty());
        for (auto const& project : configuration->projects) {
            require(!project.services.empty());
            require(project.url.host.empty() == (project.services.front().name != "app"));
        }
        return;
    }
    require(!configuration.error().empty());
    for (auto const& mistake : configuration.error()) {
        require(!mistake.message.empty());
        require(muster::is_valid_utf8(to_text(mistake)));
        require(mistake.line >= 0 && mistake.column >= 0);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string const text(reinterpret_cast<char const*>(data), size);
    muster::config::LoadInput file;
    file.file_text = text;
    file.environment = {{"NAME", "value"}, {"EMPTY", ""}};
    check(file);
    muster::config::LoadInput others;
    others.dotenv_text = text;
    others.environment = {{"PROJECTS", text}};
    check(others);
    muster::config::LoadInput variables;
    variables.environment = muster::config::read_dotenv(text).variables;
    check(variables);
    return 0;
}
