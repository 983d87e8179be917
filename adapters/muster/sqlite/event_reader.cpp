#include <muster/sqlite/event_reader.hpp>

#include <algorithm>
#include <limits>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace muster {
namespace {

using Keys = std::vector<std::int64_t>;

/// ` WHERE …`; only numbers of ours stand in it.
std::string condition_of(EventFilter const& filter) {
    std::string text;
    auto const add = [&text](std::string const& condition) {
        text += (text.empty() ? " WHERE " : " AND ") + condition;
    };
    auto const among = [&add](std::string_view column, std::optional<Keys> const& keys) {
        if (keys) {
            add(fmt::format("e.{} IN ({})", column, fmt::join(*keys, ",")));
        }
    };
    among("project", filter.projects);
    among("service", filter.services);
    among("hub", filter.hubs);
    if (filter.severity) {
        add(fmt::format("e.severity = {}", static_cast<int>(*filter.severity)));
    }
    if (filter.type) {
        add(fmt::format("e.type = {}", static_cast<int>(*filter.type)));
    }
    if (filter.before) {
        add(fmt::format("e.id < {}", *filter.before));
    }
    if (filter.after) {
        add(fmt::format("e.id > {}", *filter.after));
    }
    return text;
}

Result<Keys> keys_from(SqliteStatement& bound) {
    Keys keys;
    auto const read =
        bound.each([&keys](SqliteStatement const& row) { keys.push_back(row.integer(0)); });
    if (!read) {
        return tl::unexpected(read.error());
    }
    return keys;
}

/// Nothing where one hub owns all there is: then no row needs to be asked.
Result<std::optional<Keys>> hubs_of(SqliteDatabase& database, std::string const& hub_id) {
    auto const others =
        database.statement("SELECT count(*) FROM hub WHERE hub_id <> ?1").bind(hub_id).number();
    if (!others) {
        return tl::unexpected(others.error());
    }
    if (hub_id.empty() || others->value_or(0) == 0) {
        return std::optional<Keys>();
    }
    auto keys = keys_from(database.statement("SELECT key FROM hub WHERE hub_id = ?1").bind(hub_id));
    if (!keys) {
        return tl::unexpected(keys.error());
    }
    return std::optional<Keys>(std::move(*keys));
}

/// Resolves names. All who ever bore a name are meant: the removed too.
Result<EventFilter> resolve(SqliteDatabase& database, std::string const& hub_id,
                            EventsQuery const& query) {
    EventFilter filter;
    filter.severity = query.severity;
    filter.type = query.type;
    filter.before = query.before;
    filter.after = query.after;
    if (!query.service.empty()) {
        auto keys =
            keys_from(database
                          .statement("SELECT s.key FROM service s JOIN hub h ON h.key = s.hub"
                                     " LEFT JOIN project p ON p.key = s.project WHERE s.name = ?1"
                                     " AND (?2 = '' OR p.name = ?2) AND (?3 = '' OR h.hub_id = ?3)")
                          .bind(query.service, query.project, hub_id));
        if (!keys) {
            return tl::unexpected(keys.error());
        }
        filter.services = std::move(*keys);
    } else if (!query.project.empty()) {
        auto keys =
            keys_from(database
                          .statement("SELECT p.key FROM project p JOIN hub h ON h.key = p.hub"
                                     " WHERE p.name = ?1 AND (?2 = '' OR h.hub_id = ?2)")
                          .bind(query.project, hub_id));
        if (!keys) {
            return tl::unexpected(keys.error());
        }
        filter.projects = std::move(*keys);
    } else {
        auto hubs = hubs_of(database, hub_id);
        if (!hubs) {
            return tl::unexpected(hubs.error());
        }
        filter.hubs = std::move(*hubs);
    }
    return filter;
}

EventRow row_of(SqliteStatement const& row) {
    EventRow event;
    event.id = row.integer(0);
    event.project = row.text(1);
    event.service = row.text(2);
    event.type = static_cast<EventType>(row.integer(3));
    event.severity = static_cast<Severity>(row.integer(4));
    event.description = row.text(5);
    event.metadata_json = row.text(6);
    event.occurred_at = WallTime(Millis(row.integer(7)));
    return event;
}

}  // namespace

std::string count_events_sql(EventFilter const& filter) {
    return "SELECT count(*) FROM event e" + condition_of(filter);
}

std::string select_events_sql(EventFilter const& filter, std::size_t limit, std::size_t offset) {
    constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
    return fmt::format(
        "SELECT e.id, p.name, s.name, e.type, e.severity, e.description, e.metadata, e.at"
        " FROM event e LEFT JOIN project p ON p.key = e.project"
        " LEFT JOIN service s ON s.key = e.service{} ORDER BY e.id DESC LIMIT {} OFFSET {}",
        condition_of(filter), std::min(limit, kMost), std::min(offset, kMost));
}

Result<HistoryReader::Events> read_events(SqliteDatabase& database, std::string const& hub_id,
                                          EventsQuery const& query) {
    auto const filter = resolve(database, hub_id, query);
    if (!filter) {
        return tl::unexpected(filter.error());
    }
    HistoryReader::Events events;
    auto const total = database.compile(count_events_sql(*filter))->bind().number();
    if (!total) {
        return tl::unexpected(total.error());
    }
    events.total = static_cast<std::size_t>(total->value_or(0));
    auto const read =
        database.compile(select_events_sql(*filter, query.limit, query.offset))
            ->bind()
            .each([&events](SqliteStatement const& row) { events.rows.push_back(row_of(row)); });
    if (!read) {
        return tl::unexpected(read.error());
    }
    return events;
}

}  // namespace muster
