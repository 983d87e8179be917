#pragma once

#include <string>
#include <vector>

#include <muster/config/load.hpp>
#include <muster/config/mistake.hpp>
#include <muster/config/model.hpp>
#include <muster/importing/imported.hpp>

namespace muster::importing {

/// A file of tests/unit/importing/data.
[[nodiscard]] std::string fixture(std::string const& name);

/// What the written file says to our own reader, with its secrets and these variables set. Fails
/// the test where it does not read it.
[[nodiscard]] config::Configuration read_back(Imported const& imported,
                                              config::Environment const& environment = {});

[[nodiscard]] std::vector<std::string> texts_of(std::vector<Note> const& notes);

/// The service; fails the test where there is none.
[[nodiscard]] ServiceSpec service_of(config::Configuration const& configuration,
                                     std::string const& project, std::string const& name);

/// What was imported; fails the test with every mistake.
[[nodiscard]] Imported imported(config::Checked<Imported> const& made);

/// `line: message` of the first mistake; empty: there is none.
[[nodiscard]] std::string mistake_of(config::Checked<Imported> const& made);

}  // namespace muster::importing
