#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <muster/testing/temporary_folder.hpp>

#include <e2e/program/hub_process.hpp>

namespace muster::e2e {

/// What a command printed, on both streams, and ended with.
struct Ended {
    int code{-1};
    std::string output;
};

using Words = std::vector<std::string>;

[[nodiscard]] Ended run_muster(Words const& arguments, std::filesystem::path const& folder,
                               std::map<std::string, std::string> const& environment = {});

/// A hub that watches the demo project `chat` five times a second, by a token if one is given, and
/// has seen it up; and commands that ask it.
class WatchedChat {
public:
    /// `reads`: as in the configuration.
    explicit WatchedChat(std::string const& token = {}, std::string const& reads = "open");

    [[nodiscard]] Ended ask(Words arguments, std::map<std::string, std::string> environment = {});

    [[nodiscard]] std::filesystem::path const& folder() const { return folder_.path(); }
    [[nodiscard]] HubProcess& hub() { return *hub_; }
    [[nodiscard]] DemoProcess& demo() { return demo_; }

    /// Ends the hub in good order and starts it again on the same port.
    void restart_hub();

private:
    testing::TemporaryFolder folder_;
    DemoProcess demo_;
    std::unique_ptr<HubProcess> hub_;
    std::unique_ptr<ChildProcess> again_;
    std::string url_;
};

[[nodiscard]] bool holds(std::string const& text, std::string const& part);

}  // namespace muster::e2e
