#pragma once

#include <string>
#include <string_view>

#include <muster/config/mistake.hpp>
#include <muster/importing/imported.hpp>

namespace muster::importing {

/// A file's text and its name, as mistakes and notes call it.
struct SourceFile {
    std::string_view text;
    std::string name;
};

/// A configuration of blackbox_exporter, whose modules say how, and one of Prometheus, whose jobs
/// say what is probed, as a configuration of ours. Mistakes: one of them is no YAML, or not what it
/// should be.
[[nodiscard]] config::Checked<Imported> import_blackbox(SourceFile const& blackbox,
                                                        SourceFile const& prometheus);

}  // namespace muster::importing
