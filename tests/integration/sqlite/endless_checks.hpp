#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <muster/sqlite/database.hpp>
#include <muster/sqlite/result_store.hpp>
#include <muster/testing/endless_checks.hpp>

namespace muster::testing {

inline std::unique_ptr<SqliteResultStore> open_store(std::string const& path,
                                                     SqliteResultStore::Options options = {}) {
    auto opened = SqliteResultStore::open(path, options);
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? std::move(*opened) : nullptr;
}

/// The one value of a query.
inline std::string value_of(std::string const& path, std::string_view sql) {
    std::string value;
    auto database = SqliteDatabase::open(path, {});
    if (!database) {
        return database.error().message;
    }
    auto const read = database->compile(sql)->bind().each([&value](SqliteStatement const& row) {
        value = row.text(0);
        return false;
    });
    return read ? value : read.error().message;
}

}  // namespace muster::testing
