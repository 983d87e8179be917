#include <muster/journal/data_folder.hpp>

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include <unistd.h>

#include <integration/journal/child.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster::testing {
namespace {

TEST(DataFolder, IsMadeWithItsParentsForItsOwnerOnly) {
    TemporaryFolder const folder;
    auto const path = folder.path() / "var" / "muster-data";
    auto const opened = DataFolder::open(path);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_TRUE(std::filesystem::is_directory(path));
    EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms::owner_all);
    EXPECT_EQ(opened->journal(), path / "journal");
    EXPECT_EQ(opened->checkpoint(), path / "checkpoint");
}

TEST(DataFolder, TakesARelativePath) {
    TemporaryFolder const folder;
    auto const before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    EXPECT_TRUE(DataFolder::open("./muster-data"));
    EXPECT_TRUE(DataFolder::open("muster-data/"));
    std::filesystem::current_path(before);
}

TEST(DataFolder, IsHeldByOneProcessThatIsNamed) {
    TemporaryFolder const folder;
    Child holder([&](Child::Tell const& tell) {
        auto const held = DataFolder::open(folder.path());
        tell(held ? 1 : 0);
        ::pause();
    });
    ASSERT_EQ(holder.next(), 1U);
    auto const pid = std::to_string(holder.pid());
    auto const refused = DataFolder::open(folder.path());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_NE(refused.error().message.find("process " + pid), std::string::npos)
        << refused.error().message;
    EXPECT_NE(refused.error().message.find(folder.path().string()), std::string::npos);

    holder.kill();
    EXPECT_TRUE(DataFolder::open(folder.path())) << "free once its process is dead";
}

TEST(DataFolder, IsFreeAgainWhenClosed) {
    TemporaryFolder const folder;
    {
        auto const held = DataFolder::open(folder.path());
        EXPECT_FALSE(DataFolder::open(folder.path()));
    }
    EXPECT_TRUE(DataFolder::open(folder.path()));
}

TEST(DataFolder, RefusesAFileInItsPlace) {
    TemporaryFolder const folder;
    std::ofstream(folder.path() / "muster-data") << "a file";
    auto const refused = DataFolder::open(folder.path() / "muster-data");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::invalid) << refused.error().message;
}

}  // namespace
}  // namespace muster::testing
