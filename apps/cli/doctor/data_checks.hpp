#pragma once

#include <string>

#include <cli/doctor/diagnosis.hpp>
#include <muster/base/time.hpp>

namespace muster {

/// The data folder: there or can be made, writable, with room, free or held by a running hub; and
/// where it is free the journal and the store in it. Opening the journal does what a start of the
/// hub would do (a torn tail is cut). Nothing is opened that is somebody else's: files of ours in
/// it would keep its hub from starting.
void check_data_folder(std::string const& path, WallTime now, Report const& report);

}  // namespace muster
