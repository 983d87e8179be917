// Reloads, renames and registrations of the built hub, as a person or a program does them.

#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <string>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <httplib.h>

#include <muster/testing/holds.hpp>
#include <muster/testing/temporary_folder.hpp>

#include "answer_log.hpp"
#include "hub_process.hpp"

namespace muster::e2e {
namespace {

void write_file(std::filesystem::path const& folder, std::string const& text) {
    std::ofstream(folder / "muster.yaml") << text;
}

struct Answer {
    int status{0};
    std::string body;
};

Answer change(HubProcess const& hub, std::string const& method, std::string const& path,
              std::string const& body = {}, std::string const& content_type = "application/json") {
    httplib::Client client("127.0.0.1", hub.port());
    log_answers(client);
    httplib::Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.set_header("Content-Type", content_type);
    auto const answer = client.send(request);
    return answer ? Answer{answer->status, answer->body} : Answer{};
}

/// The number behind `"key":` in a text.
std::string number_in(std::string const& text, std::string const& key) {
    auto const at = text.find("\"" + key + "\":");
    if (at == std::string::npos) {
        return {};
    }
    auto const begin = at + key.size() + 3;
    return text.substr(begin, text.find_first_not_of("0123456789", begin) - begin);
}

/// A WebSocket that was opened once and is only listened to. Frames of a server are not masked, so
/// their text can be looked for in what came.
class KeptSocket {
public:
    explicit KeptSocket(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        timeval const patience{20, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        std::string const opening =
            "GET /ws/status HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr const*>(&address), sizeof address),
                  0);
        EXPECT_EQ(::send(socket_, opening.data(), opening.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(opening.size()));
    }
    ~KeptSocket() { ::close(socket_); }
    KeptSocket(KeptSocket const&) = delete;
    KeptSocket& operator=(KeptSocket const&) = delete;

    /// Reads on until `text` was heard; false when the socket ends first, or is silent for 20 s.
    bool hears(std::string const& text) {
        while (!testing::holds(heard_, text)) {
            std::array<char, 4096> some{};
            auto const size = ::recv(socket_, some.data(), some.size(), 0);
            if (size <= 0) {
                return false;
            }
            heard_.append(some.data(), static_cast<std::size_t>(size));
        }
        heard_.erase(0, heard_.find(text) + text.size());
        return true;
    }

private:
    int socket_;
    std::string heard_;
};

class Registry : public ::testing::Test {
protected:
    Registry() : shop_("chatbot") {}

    [[nodiscard]] std::string service(std::string const& name, std::string const& more = {}) const {
        return "{ name: " + name + ", interval: 200ms, probe: { http: \"" + shop_.url() +
               "/health\" }" + more + " }";
    }

    [[nodiscard]] std::string project(std::string const& name, std::string const& more,
                                      std::string const& services) const {
        return "projects: [{ name: " + name + ", url: \"" + shop_.url() +
               "\", healthCheckInterval: 200ms" + more + ", services: [" + services + "] }]";
    }

    [[nodiscard]] std::string api_service(std::string const& project,
                                          std::string const& name) const {
        return R"({"project":")" + project + R"(","name":")" + name +
               R"(","interval":"200ms","probe":{"http":")" + shop_.url() + R"(/health"}})";
    }

    testing::TemporaryFolder const folder_;
    DemoProcess shop_;
};

TEST_F(Registry, ASignalAppliesTheChangedFileAndARenameKeepsTheHistory) {
    write_file(folder_.path(), project("shop", "", service("web")));
    HubProcess hub(folder_.path(), "");
    ASSERT_TRUE(hub.shows("/api/history/shop", R"("serviceName":"web")"));
    auto const id = number_in(hub.get("/api/services/shop%2Fweb"), "id");
    ASSERT_FALSE(id.empty());
    auto const first_row = hub.get("/api/history/shop?service=web");
    auto const oldest = first_row.substr(first_row.find("\"lastCheck\":"), 40);

    KeptSocket socket(hub.port());
    ASSERT_TRUE(socket.hears("\"shop\":{"));
    write_file(folder_.path(),
               project("store", ", formerly: shop", service("page", ", formerly: web")));
    hub.process().signal(SIGHUP);
    EXPECT_TRUE(socket.hears("\"store\":{"));
    ASSERT_TRUE(hub.process().wait_for_line("renamed project store, was shop"));
    ASSERT_TRUE(hub.shows("/api/projects/status", R"("store":{)"));
    EXPECT_FALSE(testing::holds(hub.get("/api/projects/status"), R"("shop":{)"));
    EXPECT_EQ(number_in(hub.get("/api/services/store%2Fpage"), "id"), id);
    ASSERT_TRUE(hub.shows("/api/history/store?service=page", oldest));
    ASSERT_TRUE(hub.shows("/api/events?type=config_reloaded", "configuration reloaded"));

    // Nothing is left to do, and the same file again does nothing.
    auto const again = change(hub, "POST", "/api/reload");
    EXPECT_EQ(again.status, 200);
    EXPECT_TRUE(testing::holds(again.body, R"("added":[],"changed":[],"renamed":[],"removed":[])"))
        << again.body;
}

/// The writing end of a pipe, as soon as `reader` has opened the other; -1 where it never does.
int opened_for(ChildProcess& reader, std::filesystem::path const& pipe) {
    auto const deadline = std::chrono::steady_clock::now() + ChildProcess::kPatience;
    while (!reader.has_ended() && std::chrono::steady_clock::now() < deadline) {
        int const writer = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK);
        if (writer >= 0) {
            return writer;
        }
        reader.listen_for(20);
    }
    return -1;
}

// The file is a pipe first: so the hub is caught in the middle of its start.
TEST_F(Registry, ASignalWhileItStartsIsHeardOnceItRuns) {
    auto const file = folder_.path() / "muster.yaml";
    ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
    ChildProcess::Options options;
    options.folder = folder_.path();
    options.environment["MUSTER_DATA_DIR"] = (folder_.path() / "data").string();
    ChildProcess hub(program("muster-hub"), {"--config", file.string(), "--port", "0"}, options);
    int const pipe = opened_for(hub, file);
    ASSERT_GE(pipe, 0) << hub.output();
    auto const earlier = project("shop", "", service("web"));
    std::filesystem::remove(file);
    write_file(folder_.path(), project("store", "", service("page")));
    hub.signal(SIGHUP);
    ASSERT_EQ(::write(pipe, earlier.data(), earlier.size()), static_cast<ssize_t>(earlier.size()));
    ::close(pipe);
    EXPECT_TRUE(hub.wait_for_line("configuration reloaded: ")) << hub.output();
    EXPECT_NE(hub.output().find("store"), std::string::npos) << hub.output();
    hub.signal(SIGTERM);
    EXPECT_EQ(hub.wait_for_end(), 0);
}

TEST_F(Registry, ABadFileChangesNothingAndEveryMistakeIsTold) {
    write_file(folder_.path(), project("shop", "", service("web")));
    HubProcess hub(folder_.path(), "");
    ASSERT_TRUE(hub.shows("/api/services/shop%2Fweb", R"("status":"up")"));
    write_file(folder_.path(), "hub: { idd: x }\nprojects:\n  - nam: shop\n");
    for (auto const& refused :
         {change(hub, "POST", "/api/reload"), change(hub, "POST", "/api/reload")}) {
        EXPECT_EQ(refused.status, 400);
        EXPECT_TRUE(testing::holds(refused.body, "muster.yaml:1")) << refused.body;
        EXPECT_TRUE(testing::holds(refused.body, "muster.yaml:3")) << refused.body;
    }
    hub.process().signal(SIGHUP);
    ASSERT_TRUE(hub.process().wait_for_line("muster.yaml:3"));
    EXPECT_TRUE(testing::holds(hub.get("/api/services/shop%2Fweb"), R"("name":"web")"));
    ASSERT_TRUE(hub.shows("/api/events?type=hub_problem", "nothing was changed"));
    ChildProcess::Options options;
    options.folder = folder_.path();
    ChildProcess plan(program("muster"), {"config", "plan", "--hub", hub.url()}, options);
    EXPECT_EQ(plan.wait_for_end(), 3) << plan.output();
    EXPECT_TRUE(testing::holds(plan.output(), "\nmuster.yaml:3:5: "))
        << "a line each: " << plan.output();

    std::filesystem::remove(folder_.path() / "muster.yaml");
    auto const gone = change(hub, "POST", "/api/reload");
    EXPECT_EQ(gone.status, 400);
    EXPECT_TRUE(testing::holds(gone.body, "cannot read the configuration file")) << gone.body;
    EXPECT_TRUE(testing::holds(hub.get("/api/services/shop%2Fweb"), R"("name":"web")"));

    write_file(folder_.path(), project("shop", "", service("web")));
    EXPECT_EQ(change(hub, "POST", "/api/reload").status, 200);
    ASSERT_TRUE(hub.shows("/api/events?type=hub_problem", "right again"));
    // Each of the two mistakes once, however often the file was read, and the end of it.
    EXPECT_TRUE(testing::holds(hub.get("/api/events?type=hub_problem"), R"("total":3,)"))
        << hub.get("/api/events?type=hub_problem");
}

TEST_F(Registry, ALogFileThatCannotBeOpenedIsNotToldAsTakenOver) {
    auto const logging_to = [this](std::string const& file) {
        write_file(folder_.path(), project("shop", "", service("web")) + "\nlogging: { file: \"" +
                                       (folder_.path() / file).string() + "\" }\n");
    };
    write_file(folder_.path(), project("shop", "", service("web")));
    HubProcess hub(folder_.path(), "");
    logging_to("none/hub.log");
    for (int time = 0; time < 2; ++time) {
        auto const told = change(hub, "POST", "/api/reload");
        EXPECT_EQ(told.status, 200);
        EXPECT_TRUE(testing::holds(told.body, "logging stays as it was: cannot open the log file"))
            << told.body;
        EXPECT_TRUE(testing::holds(told.body, R"("settings":[])")) << told.body;
    }
    logging_to("hub.log");
    auto const told = change(hub, "POST", "/api/reload");
    EXPECT_TRUE(testing::holds(told.body, "\"settings\":[\"logging.file: ")) << told.body;
    EXPECT_FALSE(testing::holds(told.body, "stays as it was")) << told.body;
    EXPECT_TRUE(std::filesystem::exists(folder_.path() / "hub.log"));
}

TEST_F(Registry, AWindowOfTheFileThatIsChangedIsToldAsChanged) {
    auto const until = [this](std::string const& year) {
        write_file(folder_.path(), project("shop", "", service("web")) +
                                       "\nmaintenance: [{ match: { projects: [shop] }, until: " +
                                       year + "-01-01T00:00:00Z, why: move }]\n");
    };
    until("2040");
    HubProcess hub(folder_.path(), "");
    auto const id = number_in(hub.get("/api/maintenance"), "id");
    until("2041");
    constexpr char const* kChanged =
        R"("changed":[{"kind":"maintenance","name":"move","fields":["until"]}],"renamed":[],"removed":[])";
    EXPECT_TRUE(testing::holds(hub.get("/api/config/plan"), kChanged))
        << hub.get("/api/config/plan");
    EXPECT_TRUE(testing::holds(change(hub, "POST", "/api/reload").body, kChanged));
    ASSERT_TRUE(hub.shows("/api/maintenance", "2041-01-01"));
    EXPECT_EQ(number_in(hub.get("/api/maintenance"), "id"), id);
    hub.process().signal(SIGKILL);
    hub.process().wait_for_end();
    HubProcess again(folder_.path(), "");
    ASSERT_TRUE(again.shows("/api/maintenance", "2041-01-01"));
    EXPECT_EQ(number_in(again.get("/api/maintenance"), "id"), id);
    EXPECT_FALSE(testing::holds(again.get("/api/maintenance"), "2040-01-01"));
}

TEST_F(Registry, TellsWhatAReloadWouldDoAndWhatTakesARestart) {
    write_file(folder_.path(), project("shop", "", service("web")));
    HubProcess hub(folder_.path(), "");
    write_file(folder_.path(), project("shop", "", service("db")) +
                                   "\nretention: { raw: 8d }\nlimits: { inFlight: 7 }\n"
                                   "hub: { id: other }\n");
    auto const plan = hub.get("/api/config/plan");
    EXPECT_TRUE(testing::holds(plan, R"("added":[{"kind":"service","name":"shop/db"}])")) << plan;
    EXPECT_TRUE(testing::holds(plan, R"("removed":[{"kind":"service","name":"shop/web"}])"))
        << plan;
    EXPECT_TRUE(testing::holds(
        plan, R"("settings":["limits.inFlight: 2000 -> 7","retention.raw: 7d -> 8d"])"))
        << plan;
    EXPECT_TRUE(testing::holds(plan, "\"needsRestart\":[\"hub.id: hub-main -> other")) << plan;
    EXPECT_TRUE(testing::holds(hub.get("/api/services/shop%2Fweb"), R"("name":"web")"));

    auto const url = "http://127.0.0.1:" + std::to_string(hub.port());
    ChildProcess::Options options;
    options.folder = folder_.path();
    ChildProcess asked(program("muster"), {"config", "plan", "--hub", url}, options);
    EXPECT_EQ(asked.wait_for_end(), 0) << asked.output();
    EXPECT_TRUE(testing::holds(asked.output(), "added service shop/db\n")) << asked.output();
    EXPECT_TRUE(testing::holds(asked.output(), "removed service shop/web\n")) << asked.output();

    hub.process().signal(SIGKILL);
    hub.process().wait_for_end();
    ChildProcess nobody(program("muster"), {"config", "plan", "--hub", url}, options);
    EXPECT_EQ(nobody.wait_for_end(), 4);
    EXPECT_TRUE(testing::holds(nobody.output(), "no hub answers at " + url)) << nobody.output();
}

TEST_F(Registry, WhatTheApiRegisteredSurvivesAKillAndReloads) {
    write_file(folder_.path(), project("shop", "", ""));
    std::string id;
    std::string window;
    {
        HubProcess hub(folder_.path(), "");
        auto const made = change(hub, "POST", "/api/services", api_service("shop", "extra"));
        ASSERT_EQ(made.status, 201) << made.body;
        EXPECT_TRUE(testing::holds(made.body, R"("owner":"api")"));
        id = number_in(made.body, "id");
        EXPECT_EQ(change(hub, "POST", "/api/services", api_service("shop", "extra")).status, 200);
        auto const added = change(
            hub, "POST", "/api/maintenance",
            R"({"match":{"projects":["shop"]},"from":"2036-11-22T05:00:00Z","why":"patches"})");
        ASSERT_EQ(added.status, 201) << added.body;
        window = number_in(added.body, "id");
        hub.process().signal(SIGKILL);  // answered is written
        hub.process().wait_for_end();
    }
    HubProcess hub(folder_.path(), "");
    EXPECT_EQ(number_in(hub.get("/api/services/shop%2Fextra"), "id"), id);
    ASSERT_TRUE(hub.shows("/api/services/" + id, R"("status":"up")"));
    write_file(folder_.path(), project("shop", ", description: changed", ""));
    EXPECT_EQ(change(hub, "POST", "/api/reload").status, 200);
    EXPECT_EQ(number_in(hub.get("/api/services/shop%2Fextra"), "id"), id);
    EXPECT_TRUE(testing::holds(hub.get("/api/maintenance"), "patches"));

    // Sent back as it was shown nothing changes, secrets and time of the last change included.
    auto const keyed =
        change(hub, "PUT", "/api/services/" + id,
               R"({"probe":{"http":")" + shop_.url() + R"(/health","headers":{"X-Key":"hush"}}})");
    ASSERT_EQ(keyed.status, 200) << keyed.body;
    auto const data_of = [](std::string const& body) {
        auto const begin = body.find("\"data\":") + 7;
        return body.substr(begin, body.rfind(",\"timestamp\"") - begin);
    };
    auto const shown = data_of(keyed.body);
    EXPECT_FALSE(testing::holds(shown, "hush")) << shown;
    auto const updated = [](std::string const& json) {
        return json.substr(json.find("\"updatedAt\""));
    };
    auto const put = change(hub, "PUT", "/api/services/" + id, shown);
    EXPECT_EQ(put.status, 200) << put.body;
    EXPECT_EQ(updated(data_of(put.body)), updated(shown));
    auto const posted = change(hub, "POST", "/api/services", shown);
    EXPECT_EQ(posted.status, 200) << posted.body;
    EXPECT_EQ(updated(data_of(posted.body)), updated(shown));

    // A PUT renames and keeps the id; what the file owns is read-only; then all of it goes.
    auto const renamed =
        change(hub, "PUT", "/api/services/shop%2Fextra", api_service("shop", "renamed"));
    EXPECT_EQ(renamed.status, 200) << renamed.body;
    EXPECT_EQ(number_in(renamed.body, "id"), id);
    EXPECT_EQ(change(hub, "PUT", "/api/services/shop%2Fapp", api_service("shop", "app")).status,
              409);
    EXPECT_EQ(change(hub, "DELETE", "/api/services/shop%2Fapp").status, 409);
    EXPECT_EQ(change(hub, "DELETE", "/api/services/shop%2Frenamed").status, 200);
    EXPECT_EQ(change(hub, "DELETE", "/api/services/shop%2Frenamed").status, 404);
    EXPECT_EQ(change(hub, "DELETE", "/api/maintenance/" + window).status, 200);
    EXPECT_EQ(change(hub, "DELETE", "/api/maintenance/" + window).status, 404);
}

TEST_F(Registry, ChecksNow) {
    write_file(folder_.path(),
               "projects: [{ name: shop, url: \"" + shop_.url() + "\", healthCheckInterval: 1h }]");
    HubProcess hub(folder_.path(), "");
    ASSERT_TRUE(hub.shows("/api/services/shop%2Fapp", R"("status":"up")"));
    shop_.process().signal(SIGKILL);
    shop_.process().wait_for_end();
    auto const checked = change(hub, "POST", "/api/services/shop%2Fapp/check?wait=1");
    EXPECT_EQ(checked.status, 200);
    EXPECT_TRUE(testing::holds(checked.body, R"("errorMessage":"connection refused")"))
        << checked.body;
    EXPECT_TRUE(testing::holds(hub.get("/api/services/shop%2Fapp"), R"("status":"down")"));
    EXPECT_EQ(change(hub, "POST", "/api/services/shop%2Fapp/check").status, 202);
    EXPECT_EQ(change(hub, "POST", "/api/services/shop%2Fnone/check").status, 404);
}

TEST_F(Registry, SaysWhatIsWrongWithWhatItIsSent) {
    HubProcess hub(folder_.path(), "");
    auto const wrong =
        change(hub, "POST", "/api/services", R"({"project":"shop","name":"db","intervall":"1s"})");
    EXPECT_EQ(wrong.status, 400);
    EXPECT_TRUE(testing::holds(wrong.body, "intervall")) << wrong.body;
    EXPECT_EQ(change(hub, "POST", "/api/services",
                     R"({"project":"shop","name":"x","probe":{"exec":["/bin/true"]}})")
                  .status,
              403);
    EXPECT_EQ(change(hub, "POST", "/api/services", api_service("shop", "db"), "text/plain").status,
              415);
    EXPECT_EQ(change(hub, "POST", "/api/services", std::string(2U << 20U, ' ')).status, 413);
    EXPECT_EQ(change(hub, "PATCH", "/api/services").status, 405);
    EXPECT_TRUE(testing::holds(hub.get("/api/services"), R"("total":0)"));
}

}  // namespace
}  // namespace muster::e2e
