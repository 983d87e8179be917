#include <muster/http/certificate_note.hpp>

#include <fmt/format.h>

namespace muster {
namespace {

std::string count_of(std::chrono::days::rep count, std::string_view thing) {
    return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

/// In days, or in hours of less than one.
std::string span_of(Millis length) {
    auto const days = std::chrono::floor<std::chrono::days>(length);
    return days.count() > 0
               ? count_of(days.count(), "day")
               : count_of(std::chrono::floor<std::chrono::hours>(length).count(), "hour");
}

}  // namespace

std::string certificate_note(WallTime expires, WallTime now) {
    if (expires - now >= kCertificateSoon) {
        return {};
    }
    return expires <= now ? "certificate expired " + span_of(now - expires) + " ago"
                          : "certificate expires in " + span_of(expires - now);
}

}  // namespace muster
