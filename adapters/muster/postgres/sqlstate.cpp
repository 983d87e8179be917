#include <muster/postgres/sqlstate.hpp>

#include <array>
#include <utility>

namespace muster {
namespace {

struct Meaning {
    std::string_view prefix;
    Errc code;
};

/// The first that fits: single states before their class.
constexpr std::array kMeanings{
    Meaning{"40003", Errc::in_doubt},     // whether the statement happened is unknown
    Meaning{"57014", Errc::timed_out},    // a timeout of ours ended it
    Meaning{"53300", Errc::unavailable},  // too many connections
    Meaning{"25006", Errc::unavailable},  // a standby: read only until it is promoted
    Meaning{"42501", Errc::unavailable},  // no privilege, until somebody grants it
    Meaning{"42P07", Errc::conflict},     // there is something of this name already
    Meaning{"55P03", Errc::unavailable},  // a lock was not given in time
    Meaning{"XX001", Errc::corrupt},     Meaning{"XX002", Errc::corrupt},
    Meaning{"08", Errc::unavailable},   // connection
    Meaning{"22", Errc::invalid},       // data
    Meaning{"23", Errc::invalid},       // constraints
    Meaning{"0A", Errc::unsupported},   // what this server cannot do
    Meaning{"28", Errc::unavailable},   // who we are is not accepted, until somebody mends it
    Meaning{"3D", Errc::unavailable},   // no such database yet
    Meaning{"40", Errc::unavailable},   // rolled back: serialization, deadlock
    Meaning{"53", Errc::full},          // disk, memory
    Meaning{"57P", Errc::unavailable},  // shut down, terminated, starting
    Meaning{"58", Errc::unavailable},   // the server's own system
};

}  // namespace

Errc errc_of_sqlstate(std::string_view state) noexcept {
    for (auto const& meaning : kMeanings) {
        if (state.substr(0, meaning.prefix.size()) == meaning.prefix) {
            return meaning.code;
        }
    }
    return Errc::internal;
}

bool ends_session(std::string_view state) noexcept {
    return state.substr(0, 2) == "08" || state.substr(0, 3) == "57P" || state == "25006";
}

}  // namespace muster
