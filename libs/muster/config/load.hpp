#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include <muster/config/mistake.hpp>
#include <muster/config/model.hpp>

namespace muster::config {

using Environment = std::map<std::string, std::string, std::less<>>;

/// What a configuration may ask of the machine that it is for.
struct Machine {
    /// Whether there is a time zone of this IANA name; left out: any name is taken.
    std::function<bool(std::string const& zone)> knows_zone;
    /// Why the hub cannot read a file that the configuration names, in words that go behind its
    /// path; nothing: it can. Left out: files are not looked at.
    std::function<std::optional<std::string>(std::string const& path)> why_unreadable;
    /// Whether such a file is a mistake. If not it is a warning: a hub that starts watches all
    /// else.
    bool refuses_unreadable{true};
};

/// All that a configuration is made of, as text: nothing is read from disk or process in here.
struct LoadInput {
    std::optional<std::string> file_text;    ///< YAML or JSON; nothing: no file.
    std::string file_name{"muster.yaml"};    ///< As mistakes shall call it.
    Environment environment;                 ///< Real variables.
    std::optional<std::string> dotenv_text;  ///< Of `./.env`; real variables win.
    Machine machine;
};

/// The configuration, or every mistake in it at once in the order of the file (contract,
/// section 10). The environment wins over the file, and the file over what is built in.
[[nodiscard]] Checked<Configuration> load(LoadInput const& input);

/// What a `--port` flag does: the hub listens on this port; where it listens on several, the first
/// one gets it.
void set_port(Configuration& configuration, std::uint16_t port);

}  // namespace muster::config
