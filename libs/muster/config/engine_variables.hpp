#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <muster/config/environment.hpp>
#include <muster/config/mistake.hpp>
#include <muster/config/model.hpp>

namespace muster::config {

/// The variables that say where an engine is (a database, a bus), and what is wrong with them.
/// All references must outlive it.
class EngineVariables {
public:
    EngineVariables(Environment const& environment, Configuration& out,
                    std::vector<Mistake>& mistakes)
        : environment_(environment), out_(out), mistakes_(mistakes) {}

    /// Null: not set, or empty.
    [[nodiscard]] std::string const* get(std::string_view name) const;

    /// `host` of that variable with the port of another; nothing and a mistake: the port is none.
    /// Whether the host is one is for a reader of URLs to say.
    [[nodiscard]] std::optional<std::string> endpoint(std::string const& host,
                                                      std::string_view port_name,
                                                      std::uint16_t default_port);

    /// Also for a URL, of the environment or of the file, that has none. `password` is the place of
    /// it; null: no engine is configured, which `no_engine` says.
    void read_password(std::string_view name, std::string* password, std::string_view no_engine,
                       std::string_view whose_url);

    /// Of those that are set, in one warning.
    void warn_of(std::initializer_list<std::string_view> names, std::string_view what);
    void refuse(std::string message);
    /// `text` is shown, shortened.
    void refuse(std::string_view name, std::string_view wanted, std::string_view text);

private:
    Environment const& environment_;
    Configuration& out_;
    std::vector<Mistake>& mistakes_;
};

}  // namespace muster::config
