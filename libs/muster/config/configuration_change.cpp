#include <muster/config/configuration_change.hpp>

#include <utility>

#include <muster/config/environment.hpp>
#include <muster/config/size.hpp>

namespace muster::config {
namespace {

using Takes = SettingChange::Takes;

std::string shown(std::string const& text) {
    return text.empty() ? "none" : text;
}

std::string shown(Millis duration) {
    return format_duration(duration);
}

std::string shown(std::size_t number) {
    return std::to_string(number);
}

std::string shown(std::vector<std::string> const& words) {
    std::string text;
    for (auto const& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return shown(text);
}

std::string shown(std::vector<HostPort> const& endpoints) {
    std::string text;
    for (auto const& endpoint : endpoints) {
        text += (text.empty() ? "" : ", ") + to_text(endpoint);
    }
    return text;
}

std::string shown(std::map<std::string, std::size_t, std::less<>> const& caps) {
    std::string text;
    for (auto const& [group, cap] : caps) {
        text += (text.empty() ? "" : ", ") + group + " " + std::to_string(cap);
    }
    return shown(text);
}

std::string shown(LogLevel level) {
    return std::string(log_level_words()[static_cast<std::size_t>(level)]);
}

std::string shown(LogFormat format) {
    return std::string(log_format_words()[static_cast<std::size_t>(format)]);
}

std::string shown(Reads reads) {
    return std::string(to_string(reads));
}

std::string shown(ProbeAccess access) {
    return std::string(to_string(access));
}

std::string shown(bool flag) {
    return flag ? "on" : "off";
}

std::string place_of(DatabaseSettings const& database) {
    return database.address ? to_text(*database.address) : "SQLite";
}

std::string place_of(std::optional<RedisAddress> const& redis) {
    return redis ? to_text(*redis) : std::string();
}

class Comparison {
public:
    template <class T>
    void live(std::string setting, T const& running, T const& wanted) {
        add(std::move(setting), Takes::effect, running, wanted, "");
    }

    template <class T>
    void restart(std::string setting, T const& running, T const& wanted) {
        add(std::move(setting), Takes::restart, running, wanted,
            " (restart the hub for it to take effect)");
    }

    /// The same of what must not be shown.
    void hidden(std::string setting, bool differs) {
        if (differs) {
            auto description =
                setting + ": user or password is another (restart the hub for it to take effect)";
            changes_.push_back({std::move(setting), Takes::restart, std::move(description)});
        }
    }

    void secret(std::string setting, bool differs, std::string description) {
        if (differs) {
            changes_.push_back({std::move(setting), Takes::effect, std::move(description)});
        }
    }

    std::vector<SettingChange> take() { return std::move(changes_); }

private:
    template <class T>
    void add(std::string setting, Takes takes, T const& running, T const& wanted,
             std::string const& what_to_do) {
        if (running != wanted) {
            auto description =
                setting + ": " + shown(running) + " -> " + shown(wanted) + what_to_do;
            changes_.push_back({std::move(setting), takes, std::move(description)});
        }
    }

    std::vector<SettingChange> changes_;
};

std::string token_change(bool had, bool has) {
    return !had  ? "auth.token is set"
           : has ? "auth.token is another one"
                 : "auth.token is taken away";
}

}  // namespace

std::vector<SettingChange> changed_settings(Configuration const& running,
                                            Configuration const& wanted) {
    Comparison compare;
    compare.restart("hub.id", running.hub.id, wanted.hub.id);
    compare.restart("hub.listen", running.hub.listen, wanted.hub.listen);
    compare.live("hub.hosts", running.hub.hosts, wanted.hub.hosts);
    compare.restart("hub.shards", running.hub.shards, wanted.hub.shards);
    compare.secret("auth.token", running.token != wanted.token,
                   token_change(running.token.has_value(), wanted.token.has_value()));
    compare.live("auth.probe", running.probe, wanted.probe);
    compare.live("auth.reads", running.reads, wanted.reads);
    compare.live("cors.origins", running.cors.origins, wanted.cors.origins);
    compare.live("limits.inFlight", running.limits.in_flight, wanted.limits.in_flight);
    compare.live("limits.perHost", running.limits.per_host, wanted.limits.per_host);
    compare.live("limits.perGroup", running.limits.per_group, wanted.limits.per_group);
    compare.live("logging.level", running.logging.level, wanted.logging.level);
    compare.live("logging.format", running.logging.format, wanted.logging.format);
    compare.live("logging.file", running.logging.file, wanted.logging.file);
    compare.live("retention.raw", running.retention.raw, wanted.retention.raw);
    compare.live("retention.rawSize", format_size(running.retention.raw_bytes),
                 format_size(wanted.retention.raw_bytes));
    compare.live("retention.minute", running.retention.minute, wanted.retention.minute);
    compare.live("retention.hour", running.retention.hour, wanted.retention.hour);
    compare.restart("redis.url", place_of(running.redis), place_of(wanted.redis));
    compare.hidden("redis.url", running.redis != wanted.redis &&
                                    place_of(running.redis) == place_of(wanted.redis));
    compare.restart("database.url", place_of(running.database), place_of(wanted.database));
    compare.hidden("database.url", running.database.address != wanted.database.address &&
                                       place_of(running.database) == place_of(wanted.database));
    compare.restart("database.pool.min", running.database.pool_min, wanted.database.pool_min);
    compare.restart("database.pool.max", running.database.pool_max, wanted.database.pool_max);
    compare.restart("database.migrate", running.database.migrate, wanted.database.migrate);
    compare.restart("MUSTER_DATA_DIR", running.data_dir, wanted.data_dir);
    return compare.take();
}

Configuration with_live_settings(Configuration const& running, Configuration wanted) {
    wanted.hub.id = running.hub.id;
    wanted.hub.listen = running.hub.listen;
    wanted.hub.shards = running.hub.shards;
    wanted.redis = running.redis;
    wanted.database = running.database;
    wanted.data_dir = running.data_dir;
    return wanted;
}

}  // namespace muster::config
