#include <cli/kuma_database.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include <muster/sqlite/database.hpp>

namespace muster {
namespace {

/// Where no line of a file can be named.
constexpr int kNoLine = 0;

struct Tag {
    std::string name;
    std::string value;
};

/// A name as SQL takes it whatever it is.
std::string in_sql_quotes(std::string_view name) {
    std::string out = "\"";
    for (char const character : name) {
        out += character;
        out += character == '"' ? "\"" : "";
    }
    return out + '"';
}

void add_field(config::YamlTree& tree, std::string_view key, std::string_view value) {
    tree.add_scalar(kNoLine, kNoLine, key, false);
    tree.add_scalar(kNoLine, kNoLine, value, false);
}

class KumaDatabase {
public:
    explicit KumaDatabase(SqliteDatabase& database) : database_(database) {}

    Result<config::YamlTree> read() {
        auto const columns = columns_of("monitor");
        if (!columns) {
            return tl::unexpected(columns.error());
        }
        auto const has = [&columns](char const* name) {
            return std::find(columns->begin(), columns->end(), name) != columns->end();
        };
        if (!has("id") || !has("name") || !has("type")) {
            return failure(Errc::invalid,
                           "no database of Uptime Kuma: it has no table 'monitor' with id, name "
                           "and type");
        }
        auto read = read_tags();
        if (!read) {
            return tl::unexpected(read.error());
        }
        tree_.open(config::NodeKind::map, kNoLine, kNoLine);
        read = read_monitors(*columns);
        for (auto const& [table, key, column] :
             {std::tuple("notification", "notificationList", "name"),
              std::tuple("maintenance", "maintenanceList", "title")}) {
            if (read) {
                read = read_names(table, key, column);
            }
        }
        tree_.close();
        return read ? Result<config::YamlTree>(std::move(tree_)) : tl::unexpected(read.error());
    }

private:
    /// None: there is no such table.
    Result<std::vector<std::string>> columns_of(std::string_view table) {
        std::vector<std::string> columns;
        auto const statement = database_.compile("SELECT name FROM pragma_table_info(?1)");
        auto const done = statement->bind(table).each(
            [&columns](SqliteStatement const& row) { columns.emplace_back(row.text(0)); });
        return done ? Result<std::vector<std::string>>(std::move(columns))
                    : tl::unexpected(done.error());
    }

    Result<void> read_tags() {
        auto const columns = columns_of("monitor_tag");
        if (!columns || columns->empty()) {
            return columns ? Result<void>() : tl::unexpected(columns.error());
        }
        auto const statement = database_.compile(
            "SELECT m.monitor_id, t.name, m.value FROM monitor_tag AS m"
            " JOIN tag AS t ON t.id = m.tag_id ORDER BY t.name, m.value");
        return statement->bind().each([this](SqliteStatement const& row) {
            tags_[row.integer(0)].push_back({std::string(row.text(1)), std::string(row.text(2))});
        });
    }

    Result<void> read_monitors(std::vector<std::string> const& columns) {
        std::string sql = "SELECT id";
        for (auto const& column : columns) {
            sql += ", " + in_sql_quotes(column);
        }
        auto const statement = database_.compile(sql + " FROM monitor ORDER BY id");
        tree_.add_scalar(kNoLine, kNoLine, "monitorList", false);
        tree_.open(config::NodeKind::list, kNoLine, kNoLine);
        auto const done = statement->bind().each([&](SqliteStatement const& row) {
            tree_.open(config::NodeKind::map, kNoLine, kNoLine);
            for (std::size_t at = 0; at < columns.size(); ++at) {
                auto const column = static_cast<int>(at) + 1;
                if (!row.is_null(column)) {
                    add_field(tree_, columns[at], row.text(column));
                }
            }
            add_tags(row.integer(0));
            tree_.close();
        });
        tree_.close();
        return done;
    }

    void add_tags(std::int64_t monitor) {
        auto const tags = tags_.find(monitor);
        if (tags == tags_.end()) {
            return;
        }
        tree_.add_scalar(kNoLine, kNoLine, "tags", false);
        tree_.open(config::NodeKind::list, kNoLine, kNoLine);
        for (auto const& tag : tags->second) {
            tree_.open(config::NodeKind::map, kNoLine, kNoLine);
            add_field(tree_, "name", tag.name);
            add_field(tree_, "value", tag.value);
            tree_.close();
        }
        tree_.close();
    }

    Result<void> read_names(std::string_view table, std::string_view key, std::string_view column) {
        auto const columns = columns_of(table);
        if (!columns || std::find(columns->begin(), columns->end(), column) == columns->end()) {
            return columns ? Result<void>() : tl::unexpected(columns.error());
        }
        auto const statement = database_.compile("SELECT " + in_sql_quotes(column) + " FROM " +
                                                 in_sql_quotes(table) + " ORDER BY id");
        tree_.add_scalar(kNoLine, kNoLine, key, false);
        tree_.open(config::NodeKind::list, kNoLine, kNoLine);
        auto const done = statement->bind().each([this](SqliteStatement const& row) {
            tree_.add_scalar(kNoLine, kNoLine, row.text(0), false);
        });
        tree_.close();
        return done;
    }

    SqliteDatabase& database_;
    config::YamlTree tree_;
    std::map<std::int64_t, std::vector<Tag>> tags_;  ///< By monitor.
};

}  // namespace

bool is_sqlite(std::string_view start) noexcept {
    constexpr std::string_view kMagic("SQLite format 3\0", 16);
    return start.substr(0, kMagic.size()) == kMagic;
}

Result<config::YamlTree> read_kuma_database(std::string const& path) {
    auto database = SqliteDatabase::open(path, {.read_only = true, .immutable = true});
    if (!database) {
        return tl::unexpected(database.error());
    }
    auto tree = KumaDatabase(*database).read();
    if (!tree) {
        return prefixed(path, std::move(tree.error()));
    }
    return tree;
}

}  // namespace muster
