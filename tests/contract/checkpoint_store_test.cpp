#include <filesystem>
#include <memory>
#include <optional>

#include <gtest/gtest.h>

#include <muster/journal/file_checkpoint_store.hpp>
#include <muster/memory/memory_checkpoint_store.hpp>
#include <muster/memory/memory_journal.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster::testing {
namespace {

/// One adapter of CheckpointStore; open() is what the next process does.
class CheckpointStoreUnderTest {
public:
    virtual ~CheckpointStoreUnderTest() = default;
    virtual std::unique_ptr<CheckpointStore> open() = 0;
    /// Saving fails from now on; how.
    virtual Errc break_disk() = 0;
};

class MemoryStoreUnderTest final : public CheckpointStoreUnderTest {
public:
    std::unique_ptr<CheckpointStore> open() override {
        return std::make_unique<MemoryCheckpointStore>(disk_);
    }
    Errc break_disk() override {
        disk_.fail_writes(Error{Errc::full, "no space left on device"});
        return Errc::full;
    }

private:
    MemoryDisk disk_;
};

class FileStoreUnderTest final : public CheckpointStoreUnderTest {
public:
    std::unique_ptr<CheckpointStore> open() override {
        return std::make_unique<FileCheckpointStore>(folder_.path() / "checkpoint");
    }
    Errc break_disk() override {
        // What is written first goes to a device without room.
        std::filesystem::create_symlink("/dev/full", folder_.path() / "checkpoint.new");
        return Errc::full;
    }

private:
    TemporaryFolder folder_;
};

using Make = std::unique_ptr<CheckpointStoreUnderTest> (*)();

std::unique_ptr<CheckpointStoreUnderTest> make_memory() {
    return std::make_unique<MemoryStoreUnderTest>();
}

std::unique_ptr<CheckpointStoreUnderTest> make_file() {
    return std::make_unique<FileStoreUnderTest>();
}

class CheckpointStoreContract : public ::testing::TestWithParam<Make> {
public:
    static Bytes bytes(std::size_t size, int value) {
        return Bytes(size, static_cast<std::byte>(value));
    }

    std::unique_ptr<CheckpointStoreUnderTest> under_test = GetParam()();
    std::unique_ptr<CheckpointStore> store = under_test->open();
};

INSTANTIATE_TEST_SUITE_P(CheckpointStores, CheckpointStoreContract,
                         ::testing::Values(&make_memory, &make_file), [](auto const& made) {
                             return made.param == &make_memory ? "Memory" : "File";
                         });

TEST_P(CheckpointStoreContract, HasNothingAtFirst) {
    auto const loaded = store->load();
    ASSERT_TRUE(loaded);
    EXPECT_FALSE(*loaded);
}

TEST_P(CheckpointStoreContract, GivesBackTheNewest) {
    ASSERT_TRUE(store->save(bytes(100'000, 1)));
    ASSERT_TRUE(store->save(bytes(10, 2)));
    EXPECT_EQ(*store->load(), bytes(10, 2));
    EXPECT_EQ(*under_test->open()->load(), bytes(10, 2));
}

TEST_P(CheckpointStoreContract, KeepsAnEmptyOne) {
    ASSERT_TRUE(store->save({}));
    EXPECT_EQ(*store->load(), Bytes());
}

TEST_P(CheckpointStoreContract, KeepsTheOldOneWhereTheNewOneCannotBeSaved) {
    ASSERT_TRUE(store->save(bytes(10, 1)));
    auto const code = under_test->break_disk();
    auto const saved = store->save(bytes(10, 2));
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, code);
    EXPECT_EQ(*store->load(), bytes(10, 1));
}

}  // namespace
}  // namespace muster::testing
