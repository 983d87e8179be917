#include <muster/runtime/process_log.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

/// A folder of its own that is gone with the test.
class ProcessLogTest : public ::testing::Test {
protected:
    ProcessLogTest() {
        std::string name = (std::filesystem::temp_directory_path() / "muster-log-XXXXXX").string();
        folder = ::mkdtemp(name.data());
    }
    ~ProcessLogTest() override { std::filesystem::remove_all(folder); }

    [[nodiscard]] std::string path(std::string const& name) const {
        return (folder / name).string();
    }

    /// The file without the times that its lines begin with.
    [[nodiscard]] static std::vector<std::string> lines(std::string const& name) {
        std::ifstream file(name);
        std::vector<std::string> rows;
        for (std::string row; std::getline(file, row);) {
            constexpr std::size_t kTime = 25;  // "2026-11-22T05:55:00.123Z "
            rows.push_back(row.front() == '{' ? row : row.substr(kTime));
        }
        return rows;
    }

    std::filesystem::path folder;
    ProcessLog log;
};

TEST_F(ProcessLogTest, AppendsToItsFileWhatIsImportantEnough) {
    { std::ofstream(path("log")) << "2026-11-22T05:55:00.123Z before\n"; }
    ASSERT_TRUE(log.apply({LogLevel::warn, LogFormat::text, path("log")}));
    log.write(LogLevel::info, "hub", "left out");
    log.write(LogLevel::error, "store", "away");
    EXPECT_EQ(lines(path("log")), (std::vector<std::string>{"before", "error store: away"}));
}

TEST_F(ProcessLogTest, LevelAndFormatCanChange) {
    ASSERT_TRUE(log.apply({LogLevel::error, LogFormat::text, path("log")}));
    log.write(LogLevel::debug, "hub", "left out");
    ASSERT_TRUE(log.apply({LogLevel::debug, LogFormat::json, path("log")}));
    log.write(LogLevel::debug, "hub", "said \"x\"");
    auto const rows = lines(path("log"));
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_NE(rows[0].find(R"("level":"debug","part":"hub","message":"said \"x\""})"),
              std::string::npos)
        << rows[0];
}

TEST_F(ProcessLogTest, AFileThatWasMovedAwayIsMadeAnew) {
    ProcessLog::Options const options{LogLevel::info, LogFormat::text, path("log")};
    ASSERT_TRUE(log.apply(options));
    log.write(LogLevel::info, "hub", "one");
    std::filesystem::rename(path("log"), path("log.1"));
    log.write(LogLevel::info, "hub", "two");
    ASSERT_TRUE(log.apply(options));
    log.write(LogLevel::info, "hub", "three");
    EXPECT_EQ(lines(path("log.1")), (std::vector<std::string>{"info  hub: one", "info  hub: two"}));
    EXPECT_EQ(lines(path("log")), (std::vector<std::string>{"info  hub: three"}));
}

TEST_F(ProcessLogTest, AFileThatCannotBeOpenedLeavesTheLogAsItWas) {
    ASSERT_TRUE(log.apply({LogLevel::info, LogFormat::text, path("log")}));
    auto const refused = log.apply({LogLevel::error, LogFormat::json, path("none/log")});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    EXPECT_EQ(refused.error().message,
              "cannot open the log file " + path("none/log") + ": No such file or directory");
    log.write(LogLevel::info, "hub", "goes on");
    EXPECT_EQ(lines(path("log")), (std::vector<std::string>{"info  hub: goes on"}));
}

TEST_F(ProcessLogTest, NoLineIsLostWhileItIsReopened) {
    ProcessLog::Options const options{LogLevel::info, LogFormat::text, path("log")};
    ASSERT_TRUE(log.apply(options));
    constexpr int kLines = 2'000;
    std::thread writer([this] {
        for (int number = 0; number < kLines; ++number) {
            log.write(LogLevel::info, "hub", std::to_string(number));
        }
    });
    for (int times = 0; times < 20; ++times) {
        EXPECT_TRUE(log.apply(options));
    }
    writer.join();
    auto const rows = lines(path("log"));
    ASSERT_EQ(rows.size(), static_cast<std::size_t>(kLines));
    for (int number = 0; number < kLines; ++number) {
        ASSERT_EQ(rows[static_cast<std::size_t>(number)], "info  hub: " + std::to_string(number));
    }
}

}  // namespace
}  // namespace muster
