#include <muster/registry/difference.hpp>

#include <string_view>

namespace muster {
namespace {

class Differences {
public:
    template <class T>
    void add(std::string_view key, T const& before, T const& after) {
        if (!(before == after)) {
            keys_.emplace_back(key);
        }
    }

    [[nodiscard]] std::vector<std::string> take() { return std::move(keys_); }

private:
    std::vector<std::string> keys_;
};

}  // namespace

std::vector<std::string> difference(ServiceSpec const& before, ServiceSpec const& after) {
    Differences found;
    found.add("type", before.type, after.type);
    found.add("probe", before.probe, after.probe);
    found.add("connection", before.connection, after.connection);
    found.add("interval", before.policy.interval, after.policy.interval);
    found.add("timeout", before.policy.timeout, after.policy.timeout);
    found.add("retries", before.policy.failure_threshold, after.policy.failure_threshold);
    found.add("successThreshold", before.policy.success_threshold, after.policy.success_threshold);
    found.add("degradedAbove", before.policy.degraded_above, after.policy.degraded_above);
    found.add("failuresOf", before.policy.failures_of, after.policy.failures_of);
    found.add("hysteresis", before.policy.hysteresis_percent, after.policy.hysteresis_percent);
    found.add("grace", before.policy.grace, after.policy.grace);
    found.add("critical", before.critical, after.critical);
    found.add("tags", before.tags, after.tags);
    found.add("group", before.group, after.group);
    found.add("dependsOn", before.depends_on, after.depends_on);
    found.add("metadata", before.metadata, after.metadata);
    found.add("capabilities", before.capabilities, after.capabilities);
    found.add("version", before.version, after.version);
    found.add("port", before.port, after.port);
    found.add("containerId", before.container_id, after.container_id);
    return found.take();
}

std::vector<std::string> difference(ProjectSpec const& before, ProjectSpec const& after) {
    Differences found;
    found.add("url", before.url, after.url);
    found.add("description", before.description, after.description);
    found.add("critical", before.critical, after.critical);
    found.add("tags", before.tags, after.tags);
    found.add("group", before.group, after.group);
    found.add("statusPath", before.status_path, after.status_path);
    found.add("logsPath", before.logs_path, after.logs_path);
    found.add("metrics", before.metrics, after.metrics);
    return found.take();
}

std::vector<std::string> difference(MaintenanceSpec const& before, MaintenanceSpec const& after) {
    Differences found;
    found.add("match", before.match, after.match);
    found.add("from", before.from, after.from);
    found.add("until", before.until, after.until);
    found.add("weekly", before.weekly, after.weekly);
    found.add("why", before.why, after.why);
    return found.take();
}

}  // namespace muster
