#include <muster/domain/json_field.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

using Names = std::vector<std::string>;

std::string deep(std::size_t names) {
    std::string field = "a";
    for (std::size_t name = 1; name < names; ++name) {
        field += ".a";
    }
    return field;
}

TEST(JsonField, IsNamesBetweenDots) {
    EXPECT_EQ(names_of_json_field("ok").value(), Names{"ok"});
    EXPECT_EQ(names_of_json_field("nodes.0.role").value(), (Names{"nodes", "0", "role"}));
    EXPECT_EQ(names_of_json_field(deep(kMaxJsonNames)).value().size(), kMaxJsonNames);
}

TEST(JsonField, HasNoEmptyNameAndNotTooMany) {
    for (auto const* field : {"", ".", "a..b", ".a", "a."}) {
        auto const names = names_of_json_field(field);
        ASSERT_FALSE(names) << field;
        EXPECT_EQ(names.error().message, "the JSON field '" + std::string(field) +
                                             "' has an empty name: write names joined by dots, "
                                             "such as db.ok or nodes.0.role");
    }
    auto const names = names_of_json_field(deep(kMaxJsonNames + 1));
    ASSERT_FALSE(names);
    EXPECT_NE(names.error().message.find("is deeper than 64 names"), std::string::npos);
}

}  // namespace
}  // namespace muster
