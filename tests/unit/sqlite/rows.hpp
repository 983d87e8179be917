#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <muster/sqlite/database.hpp>

namespace muster::testing {

/// The rows of a query, their columns put together with `|`.
inline std::vector<std::string> rows_of(SqliteDatabase& database, std::string_view sql,
                                        int columns = 1) {
    std::vector<std::string> rows;
    auto const read = database.compile(sql)->bind().each([&](SqliteStatement const& row) {
        std::string text(row.text(0));
        for (int column = 1; column < columns; ++column) {
            text += "|" + std::string(row.text(column));
        }
        rows.push_back(std::move(text));
    });
    EXPECT_TRUE(read) << sql << ": " << read.error().message;
    return rows;
}

inline SqliteDatabase open_database(std::string const& path) {
    auto opened = SqliteDatabase::open(path, {});
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
}

}  // namespace muster::testing
