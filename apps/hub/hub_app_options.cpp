#include <hub/hub_app_options.hpp>

#include <cstdint>
#include <utility>

#include <muster/runtime/descriptors.hpp>

namespace muster {

Scheduler::Limits limits_of(config::LimitSettings const& settings) {
    return {static_cast<std::uint32_t>(settings.in_flight),
            static_cast<std::uint32_t>(settings.per_host)};
}

Fleet::GroupCaps group_caps_of(config::LimitSettings const& settings) {
    Fleet::GroupCaps caps;
    for (auto const& [group, cap] : settings.per_group) {
        caps.emplace(group, static_cast<std::uint32_t>(cap));
    }
    return caps;
}

HubRetention retention_of(config::RetentionSettings const& settings) {
    HubRetention retention;
    retention.checks = settings.raw;
    retention.failures = settings.minute;
    retention.minutes = settings.minute;
    retention.hours = settings.hour;
    retention.check_bytes = settings.raw_bytes;
    return retention;
}

EdgeSide::Options edge_options(config::Configuration const& configuration) {
    return {configuration.hub.listen,
            configuration.cors.origins,
            configuration.hub.hosts,
            configuration.token.value_or(""),
            configuration.reads == config::Reads::token,
            configuration.defaults,
            configuration.hub.id,
            configuration.probe == config::ProbeAccess::open,
            shares_of(descriptor_limit(), configuration.limits.in_flight).clients};
}

HubOptions hub_options(config::Configuration const& configuration, std::string version) {
    HubOptions options;
    options.hub_id = configuration.hub.id;
    options.version = std::move(version);
    options.limits = limits_of(configuration.limits);
    options.group_caps = group_caps_of(configuration.limits);
    options.retention = retention_of(configuration.retention);
    options.bus_is_shared = configuration.redis.has_value();
    return options;
}

ProcessLog::Options log_options(config::LoggingSettings const& logging) {
    return {logging.level,
            logging.format == config::LogFormat::json ? LogFormat::json : LogFormat::text,
            logging.file};
}

}  // namespace muster
