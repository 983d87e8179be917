// What answers is no hub, or means ill: every command ends in time, says so, and exits with 4.

#include <atomic>
#include <csignal>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <httplib.h>

#include "run_muster.hpp"

namespace muster::e2e {
namespace {

/// Answers every GET with one body, or with one that never ends.
class FalseHub {
public:
    FalseHub(int status, std::string body) : port_(server_.bind_to_any_port("127.0.0.1")) {
        server_.Get(".*", [status, body](httplib::Request const&, httplib::Response& response) {
            response.status = status;
            response.set_content(body, "application/json");
        });
        start();
    }

    /// `fast`: as fast as it is taken, else a byte now and then.
    explicit FalseHub(bool fast) : port_(server_.bind_to_any_port("127.0.0.1")) {
        server_.Get(".*", [this, fast](httplib::Request const&, httplib::Response& response) {
            response.set_chunked_content_provider(
                "application/json", [this, fast](std::size_t, httplib::DataSink& sink) {
                    std::string const bytes(fast ? 65'536 : 1, '[');
                    if (!fast) {
                        std::this_thread::yield();
                    }
                    return !ending_ && sink.write(bytes.data(), bytes.size());
                });
        });
        start();
    }

    ~FalseHub() {
        ending_ = true;
        while (!server_.is_running()) {
            std::this_thread::yield();  // a stop before the start would be lost
        }
        server_.stop();
        thread_.join();
    }
    FalseHub(FalseHub const&) = delete;
    FalseHub& operator=(FalseHub const&) = delete;

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

private:
    void start() {
        thread_ = std::thread([this] { server_.listen_after_bind(); });
    }

    httplib::Server server_;
    int port_;
    std::atomic<bool> ending_{false};
    std::thread thread_;
};

Ended status_of(FalseHub const& hub) {
    testing::TemporaryFolder const folder;
    return run_muster({"status", "--hub", hub.url(), "--timeout", "2s"}, folder.path());
}

TEST(HostileHub, OfGarbageIsNoHub) {
    for (std::string const body : {"", "garbage", "{}", R"({"success":true,"data":[]})",
                                   R"({"success":true,"data":{"a":)"}) {
        auto const ended = status_of(FalseHub(200, body));
        EXPECT_EQ(ended.code, 4) << body;
        EXPECT_TRUE(holds(ended.output, "that is no answer of a hub")) << ended.output;
    }
    auto const page = status_of(FalseHub(502, "<html>Bad Gateway</html>"));
    EXPECT_EQ(page.code, 4);
    EXPECT_TRUE(holds(page.output, "answers with HTTP 502 and not as a hub does")) << page.output;
}

TEST(HostileHub, CannotWriteToTheTerminal) {
    auto const ended = status_of(
        FalseHub(404, R"({"success":false,"error":"\u001b[2J\u001b]0;owned\u0007","code":"X"})"));
    EXPECT_EQ(ended.code, 5);
    EXPECT_FALSE(holds(ended.output, "\x1b")) << ended.output;
}

TEST(HostileHub, ThatNeverEndsIsEndedByLengthOrByTime) {
    auto const flood = status_of(FalseHub(true));
    EXPECT_EQ(flood.code, 4);
    EXPECT_TRUE(holds(flood.output, "longer than 64 MB") ||
                holds(flood.output, "did not answer within 2s"))
        << flood.output;
    auto const drip = status_of(FalseHub(false));
    EXPECT_EQ(drip.code, 4);
    EXPECT_TRUE(holds(drip.output, "longer than 64 MB") ||
                holds(drip.output, "did not answer within 2s"))
        << drip.output;
}

TEST(HostileHub, ThatSaysNothingIsLeftInTime) {
    testing::TemporaryFolder const folder;
    DemoProcess silent("chatbot");
    silent.process().signal(SIGSTOP);
    auto const ended =
        run_muster({"status", "--hub", silent.url(), "--timeout", "300ms"}, folder.path());
    EXPECT_EQ(ended.code, 4);
    EXPECT_TRUE(holds(ended.output, "did not answer within 300ms: wait longer with --timeout"))
        << ended.output;
    silent.process().signal(SIGCONT);
}

}  // namespace
}  // namespace muster::e2e
