#include <muster/postgres/event_reader.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace muster::postgres {
namespace {

using Keys = std::vector<std::int64_t>;

/// The names of the query as keys, of all who ever bore them: the removed too.
struct Named {
    std::optional<Keys> hubs;
    std::optional<Keys> projects;
    std::optional<Keys> services;
};

Result<Keys> keys_from(Result<PostgresRows> const& rows) {
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    Keys keys;
    each_row(*rows, [&keys](PostgresRow const& row) { keys.push_back(row.integer(0)); });
    return keys;
}

/// Nothing where one hub owns all there is: then no row needs to be asked.
Result<std::optional<Keys>> hubs_of(PostgresTransaction& transaction, std::string const& hub_id) {
    auto const others = transaction.query("SELECT count(*) FROM hub WHERE hub_id <> $1", hub_id);
    if (!others) {
        return tl::unexpected(others.error());
    }
    if (hub_id.empty() || others->number().value_or(0) == 0) {
        return std::optional<Keys>();
    }
    auto keys = keys_from(transaction.query("SELECT key FROM hub WHERE hub_id = $1", hub_id));
    if (!keys) {
        return tl::unexpected(keys.error());
    }
    return std::optional<Keys>(std::move(*keys));
}

Result<Named> resolve(PostgresTransaction& transaction, std::string const& hub_id,
                      EventsQuery const& query) {
    Named named;
    if (query.service.empty() && query.project.empty()) {
        auto hubs = hubs_of(transaction, hub_id);
        if (!hubs) {
            return tl::unexpected(hubs.error());
        }
        named.hubs = std::move(*hubs);
        return named;
    }
    auto keys =
        query.service.empty()
            ? keys_from(transaction.query("SELECT p.key FROM project p JOIN hub h ON h.key = p.hub"
                                          " WHERE p.name = $1 AND ($2 = '' OR h.hub_id = $2)",
                                          query.project, hub_id))
            : keys_from(
                  transaction.query("SELECT s.key FROM service s JOIN hub h ON h.key = s.hub"
                                    " LEFT JOIN project p ON p.key = s.project WHERE s.name = $1"
                                    " AND ($2 = '' OR p.name = $2) AND ($3 = '' OR h.hub_id = $3)",
                                    query.service, query.project, hub_id));
    if (!keys) {
        return tl::unexpected(keys.error());
    }
    (query.service.empty() ? named.projects : named.services) = std::move(*keys);
    return named;
}

/// ` WHERE …`; only numbers of ours stand in it.
std::string condition_of(Named const& named, EventsQuery const& query) {
    std::string text;
    auto const add = [&text](std::string const& condition) {
        text += (text.empty() ? " WHERE " : " AND ") + condition;
    };
    auto const among = [&add](std::string_view column, std::optional<Keys> const& keys) {
        if (keys) {
            add(fmt::format("e.{} = ANY ('{{{}}}')", column, fmt::join(*keys, ",")));
        }
    };
    among("project", named.projects);
    among("service", named.services);
    among("hub", named.hubs);
    if (query.severity) {
        add(fmt::format("e.severity = {}", static_cast<int>(*query.severity)));
    }
    if (query.type) {
        add(fmt::format("e.type = {}", static_cast<int>(*query.type)));
    }
    if (query.before) {
        add(fmt::format("e.id < {}", *query.before));
    }
    if (query.after) {
        add(fmt::format("e.id > {}", *query.after));
    }
    return text;
}

EventRow row_of(PostgresRow const& row) {
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

Result<HistoryReader::Events> read_events(PostgresTransaction& transaction,
                                          std::string const& hub_id, EventsQuery const& query) {
    constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
    auto const named = resolve(transaction, hub_id, query);
    if (!named) {
        return tl::unexpected(named.error());
    }
    auto const condition = condition_of(*named, query);
    auto const total = transaction.query("SELECT count(*) FROM event e" + condition);
    if (!total) {
        return tl::unexpected(total.error());
    }
    auto const rows = transaction.query(fmt::format(
        "SELECT e.id, p.name, s.name, e.type, e.severity, e.description, e.metadata,"
        " (extract(epoch FROM e.at) * 1000)::bigint FROM event e"
        " LEFT JOIN project p ON p.key = e.project LEFT JOIN service s ON s.key = e.service{}"
        " ORDER BY e.id DESC LIMIT {} OFFSET {}",
        condition, std::min(query.limit, kMost), std::min(query.offset, kMost)));
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    HistoryReader::Events events;
    events.total = static_cast<std::size_t>(total->number().value_or(0));
    each_row(*rows, [&events](PostgresRow const& row) { events.rows.push_back(row_of(row)); });
    return events;
}

}  // namespace muster::postgres
