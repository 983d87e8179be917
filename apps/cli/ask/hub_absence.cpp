#include <cli/ask/hub_absence.hpp>

#include <ostream>

#include <cli/client/exit_codes.hpp>

namespace muster {

bool HubAbsence::is_one(Error const& error) {
    if (exit_code_of(error.code) != kExitNoHub) {
        return false;
    }
    if (!away_) {
        err_ << "muster: " << error.message << "; trying again" << std::endl;
        away_ = true;
    }
    return true;
}

void HubAbsence::over() {
    if (away_) {
        err_ << "muster: the hub answers again" << std::endl;
        away_ = false;
    }
}

}  // namespace muster
