#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <muster/base/time.hpp>
#include <muster/importing/draft.hpp>
#include <muster/importing/source_map.hpp>

namespace muster::importing {

/// A module of blackbox_exporter as far as checks can do it: how a target is probed.
struct BlackboxModule {
    /// A probe without a target. Its notes are those of the module, its outcome what is lost of
    /// every target.
    Draft pattern;
    std::optional<Millis> timeout;
    bool fails_with_tls{false};
    bool fails_without_tls{false};
};

/// Reads a module; `origin` is where it stands.
[[nodiscard]] BlackboxModule read_blackbox_module(SourceMap const& module, Origin origin);

}  // namespace muster::importing
