#pragma once

#include <optional>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/domain/maintenance.hpp>
#include <muster/ports/zone_rules.hpp>

namespace muster {

/// Which maintenance windows are open, and which of them cover a service. Knows no clock: whoever
/// owns it calls advance() at next_edge(), and now and then in case the clock was set.
class MaintenanceCalendar {
public:
    /// `zones` must outlive it.
    explicit MaintenanceCalendar(ZoneRules& zones) : zones_(zones) {}

    /// Replaces all windows. Errors: invalid, not_found (an unknown zone), naming the window;
    /// nothing is changed then.
    [[nodiscard]] Result<void> set(std::vector<Maintenance> windows, WallTime now);

    /// Looks again which windows are open; true: others than before.
    bool advance(WallTime now);

    /// The open window that covers a service; the first if several do; none: nullptr.
    [[nodiscard]] Maintenance const* covering(ServiceSpec const& service) const;

    /// When advance() may next be true; nothing: never, as things stand.
    [[nodiscard]] std::optional<WallTime> next_edge() const;

private:
    struct Entry {
        Maintenance window;
        ZoneOffsets zone;
        WallTime zone_from{};  ///< The span for which `zone` is right.
        WallTime zone_until{};
        WindowState state;
    };

    [[nodiscard]] Result<void> load_zone(Entry& entry, WallTime now);

    ZoneRules& zones_;
    std::vector<Entry> entries_;
};

}  // namespace muster
