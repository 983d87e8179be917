#include <muster/dns/watched_file.hpp>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include <muster/testing/temporary_folder.hpp>

namespace muster {
namespace {

struct WatchedFileTest : ::testing::Test {
    void write(std::string const& text) const {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
    }

    muster::testing::TemporaryFolder folder;
    std::string path{folder / "file"};
    WatchedFile file{path};
};

TEST_F(WatchedFileTest, TellsEachChangeOnce) {
    write("one");
    EXPECT_TRUE(file.has_changed());
    EXPECT_FALSE(file.has_changed());
    EXPECT_EQ(file.read(), "one");
    write("other");
    EXPECT_TRUE(file.has_changed());
    EXPECT_FALSE(file.has_changed());
    EXPECT_EQ(file.read(), "other");
}

TEST_F(WatchedFileTest, TakesAMissingFileForAnEmptyOne) {
    EXPECT_TRUE(file.has_changed());
    EXPECT_FALSE(file.has_changed());
    EXPECT_EQ(file.read(), "");
    write("there");
    EXPECT_TRUE(file.has_changed());
    std::filesystem::remove(path);
    EXPECT_TRUE(file.has_changed());
}

TEST_F(WatchedFileTest, ReadsAllOfAFile) {
    std::string const text(10'000, 'x');
    write(text);
    EXPECT_EQ(file.read(), text);
}

}  // namespace
}  // namespace muster
