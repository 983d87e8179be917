#include <muster/registry/rename_chains.hpp>

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

/// The new names that move, in order.
std::string order(std::vector<ListedName> const& listed, std::set<std::string_view> const& known) {
    std::string names;
    for (auto const index :
         renames_in_order(listed, [&](std::string_view name) { return known.contains(name); })) {
        names += listed[index].name;
    }
    return names;
}

TEST(RenameChains, StartAtTheFreeEnd) {
    EXPECT_EQ(order({{"b", "a"}}, {"a"}), "b");
    EXPECT_EQ(order({{"b", "a"}, {"c", "b"}, {"d", "c"}}, {"a", "b", "c"}), "dcb");
    EXPECT_EQ(order({{"d", "c"}, {"c", "b"}, {"b", "a"}}, {"a", "b", "c"}), "dcb");
}

TEST(RenameChains, MoveOnlyAsFarAsSomethingIsThere) {
    EXPECT_EQ(order({{"b", "a"}}, {}), "");
    EXPECT_EQ(order({{"b", "a"}, {"c", "b"}}, {"a"}), "b");
    EXPECT_EQ(order({{"b", "a"}, {"c", "b"}}, {"b"}), "");
}

TEST(RenameChains, LeaveAloneWhatIsListedOrTaken) {
    EXPECT_EQ(order({{"a", ""}, {"b", "a"}}, {"a"}), "");
    EXPECT_EQ(order({{"b", "a"}}, {"a", "b"}), "");
    EXPECT_EQ(order({{"b", "a"}, {"c", "b"}}, {"a", "b", "c"}), "");
}

}  // namespace
}  // namespace muster
