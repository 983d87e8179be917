#pragma once

#include <string>
#include <string_view>

#include <muster/base/result.hpp>
#include <muster/domain/maintenance.hpp>
#include <muster/domain/service.hpp>

namespace muster {

/// Reads single objects in the configuration's shape, as API clients send them. Does not block.
/// One thread.
class EntryReader {
public:
    virtual ~EntryReader() = default;

    struct Refusal {
        bool forbidden{false};  ///< It may be right in a file, but nobody may send it.
        std::string message;    ///< Every mistake in one line, each naming its key.
    };
    template <class T>
    using Read = tl::expected<T, Refusal>;

    /// A service with its project's name; settings that are left out take the configuration's
    /// defaults. `known`: what it takes project and name from where they are left out; may be null.
    [[nodiscard]] virtual Read<ServiceSpec> service(std::string_view text,
                                                    ServiceSpec const* known) const = 0;

    [[nodiscard]] virtual Read<MaintenanceSpec> window(std::string_view text) const = 0;
};

}  // namespace muster
