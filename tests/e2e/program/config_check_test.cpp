// `muster config check` on what only the machine can tell: files that are named and cannot be read.

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <muster/testing/temporary_folder.hpp>

#include "hub_process.hpp"

namespace muster::e2e {
namespace {

namespace fs = std::filesystem;

class ConfigCheck : public ::testing::Test {
protected:
    ConfigCheck() {
        // `nobody` must be able to read what is said of files that nobody can read.
        fs::permissions(folder_.path(), fs::perms::all);
    }

    void write(std::string const& name, std::string const& text) const {
        std::ofstream(folder_.path() / name) << text;
    }

    void write_service_with_ca(std::string const& ca) const {
        write("muster.yaml",
              "projects:\n  - name: shop\n    url: http://h\n    services:\n      - name: web\n"
              "        probe: { http: \"https://h\", tls: { ca: " +
                  ca + " } }\n");
    }

    [[nodiscard]] std::pair<int, std::string> check(bool unprivileged = false) const {
        ChildProcess::Options options;
        options.folder = folder_.path();
        options.unprivileged = unprivileged;
        ChildProcess process(program("muster"), {"config", "check"}, options);
        auto const code = process.wait_for_end();
        return {code, process.output()};
    }

    static bool holds(std::string const& text, std::string const& part) {
        return text.find(part) != std::string::npos;
    }

    testing::TemporaryFolder folder_;
};

TEST_F(ConfigCheck, TellsAFileOfAuthoritiesThatCannotBeRead) {
    write("there.pem", "certificates");
    write_service_with_ca("there.pem");
    auto const [good, said] = check();
    EXPECT_EQ(good, 0) << said;
    write_service_with_ca("gone.pem");
    auto const [gone, of_gone] = check();
    EXPECT_EQ(gone, 3);
    EXPECT_TRUE(holds(of_gone, "muster.yaml:6:48: 'ca': 'gone.pem' does not exist\n")) << of_gone;
    write_service_with_ca("/dev");
    auto const [folder, of_folder] = check();
    EXPECT_EQ(folder, 3);
    EXPECT_TRUE(holds(of_folder, "'/dev' is no file\n")) << of_folder;
    write_service_with_ca("there.pem");
    fs::permissions(folder_.path() / "there.pem", fs::perms::none);
    auto const [forbidden, of_forbidden] = check(true);
    EXPECT_EQ(forbidden, 3);
    EXPECT_TRUE(holds(of_forbidden, "'there.pem' cannot be read: Permission denied\n"))
        << of_forbidden;
}

TEST_F(ConfigCheck, TellsADotenvThatCannotBeRead) {
    write(".env", "HUB_ID=one\n");
    EXPECT_EQ(check(true).first, 0);
    fs::permissions(folder_.path() / ".env", fs::perms::none);
    auto const [forbidden, of_forbidden] = check(true);
    EXPECT_EQ(forbidden, 3);
    EXPECT_TRUE(holds(of_forbidden, ".env: cannot be read: Permission denied\n")) << of_forbidden;
    fs::remove(folder_.path() / ".env");
    fs::create_symlink("nowhere", folder_.path() / ".env");
    auto const [dangling, of_dangling] = check();
    EXPECT_EQ(dangling, 3);
    EXPECT_TRUE(holds(of_dangling, ".env: does not exist\n")) << of_dangling;
    fs::remove(folder_.path() / ".env");
    fs::create_directory(folder_.path() / ".env");
    auto const [folder, of_folder] = check();
    EXPECT_EQ(folder, 0);
    EXPECT_TRUE(holds(of_folder, "warning: .env: is a folder and is not read\n")) << of_folder;
}

TEST_F(ConfigCheck, TellsThatReadsByTokenNeedOne) {
    write("muster.yaml", "projects: []\nauth:\n  reads: token\n");
    auto const [code, said] = check();
    EXPECT_EQ(code, 3);
    EXPECT_TRUE(holds(said,
                      "muster.yaml:3:10: 'reads: token' needs a token: set auth.token or "
                      "MUSTER_TOKEN"))
        << said;
    write(".env", "MUSTER_TOKEN=hush\n");
    auto const [good, of_good] = check();
    EXPECT_EQ(good, 0) << of_good;
}

}  // namespace
}  // namespace muster::e2e
