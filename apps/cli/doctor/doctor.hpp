#pragma once

#include <cli/doctor/doctor_command.hpp>

namespace muster {

/// `muster doctor`: tests configuration, data folder, journal, store, names, trust, addresses,
/// descriptors, clock and a running hub, and prints each finding as it is made. The exit code: as
/// diagnosis_exit_code(), or kExitUsage where it is not clear which hub is meant.
[[nodiscard]] int run_doctor(DoctorCommand const& command);

}  // namespace muster
