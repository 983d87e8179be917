#pragma once

#include <string>
#include <string_view>

#include <muster/domain/fleet_delta.hpp>
#include <muster/domain/metrics_sample.hpp>
#include <muster/domain/overlay.hpp>

namespace muster {

/// `["flapping","maintenance"]`, in the order of their stored values.
void append_overlays(std::string& out, Overlays overlays);

/// A project as GET /api/projects/status and `status-update` frames show it (contract, section 4):
/// `{"projectName":…,"status":…,"lastCheck":…,"uptime":…,"coverage":…,"responseTime":…,
/// "isRunning":…,"overlays":[]}`. Before the first check `lastCheck` and `responseTime` are null.
void append_project_status(std::string& out, ProjectView const& project);

/// `"name":{…}`: a member of the status map.
void append_status_member(std::string& out, ProjectView const& project);

/// A project's own figures as GET /api/metrics/{project} shows them.
void append_project_metrics(std::string& out, std::string_view project,
                            ProjectMetrics const& metrics);

}  // namespace muster
