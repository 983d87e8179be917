// The built `muster up` over everything at once: servers that people run, and servers that mean
// harm.

#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <integration/tls/certificates.hpp>
#include <muster/testing/target_server.hpp>

#include "hub_process.hpp"

namespace muster::e2e {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kChecks = 4;  ///< Of each project, at least.

constexpr auto kHostile = R"js(
const flood = (socket, text) => {
  const block = text.repeat(5000);
  const more = () => { while (socket.writable && socket.write(block)); };
  socket.on('drain', more);
  more();
};
const paths = {
  '/garbage': (socket) => socket.write(Buffer.alloc(100000, 0x80)),
  '/headers': (socket) => { socket.write('HTTP/1.1 200 OK\r\n'); flood(socket, 'X: yes\r\n'); },
  '/body': (socket) => { socket.write('HTTP/1.1 200 OK\r\n\r\n'); flood(socket, 'body'); },
  '/deep': (socket) => socket.end('HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n' +
                                  '['.repeat(60000)),
  '/drip': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nX: ');
    const timer = setInterval(() => socket.write('x'), 20);
    socket.on('close', () => clearInterval(timer));
  },
  '/silence': () => {},
  '/reset': (socket) => socket.resetAndDestroy(),
};
require('net').createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', (request) => paths[String(request).split(' ')[1]](socket));
}).listen(place.port, place.address);
)js";

struct Watched {
    std::string project;
    std::string url;
    std::string path;
    std::string status;   ///< Of the project, and of each of its checks.
    std::string error{};  ///< Of each check.
    std::string probe{};  ///< Of a second service of it.
};

struct RealTargets : ::testing::Test {
    void write_config() const {
        std::ofstream file(folder.path() / "muster.yaml");
        file << "defaults: { interval: 200ms, timeout: 2s, degradedAbove: 1900ms, retries: 0 }\n"
             << "projects:\n";
        for (auto const& one : watched) {
            file << "  - name: " << one.project << "\n    url: " << one.url
                 << "\n    healthPath: " << one.path
                 << "\n    healthCheckInterval: 200ms\n    metrics: off\n";
            if (!one.probe.empty()) {
                file << "    services: [{ name: other, probe: { " << one.probe << " } }]\n";
            }
        }
    }

    static std::string status_of(HubProcess const& hub, std::string const& project) {
        auto const answer = Json::parse(hub.get("/api/projects/status"), nullptr, false);
        return answer.is_discarded() ? "" : answer.at("data").at(project).at("status");
    }

    static Json checks_of(HubProcess const& hub, std::string const& project) {
        auto const answer =
            Json::parse(hub.get("/api/history/" + project + "?hours=1"), nullptr, false);
        return answer.is_discarded() ? Json::array() : answer.at("data");
    }

    testing::TemporaryFolder folder;
    std::vector<Watched> watched;
};

/// The largest its memory ever was, in KiB (proc(5)).
std::size_t peak_memory_of(pid_t process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    for (std::string word; status >> word;) {
        if (word == "VmHWM:") {
            std::size_t kib = 0;
            status >> kib;
            return kib;
        }
    }
    return 0;
}

TEST_F(RealTargets, GetTheirStatusAllAtOnce) {
    auto const nginx = testing::start_nginx({.server_block = R"(
default_type application/json;
location = /healthy { return 200 '{"status":"healthy"}'; }
location = /warn { return 200 '{"status":"warn"}'; }
location = /down { return 200 '{"status":"down"}'; }
location = /204 { return 204; }
location = /503 { return 503; }
location = /three { keepalive_requests 3; return 200 '{}'; }
location = /no-answer { return 444; })"});
    auto const tls_site = [](Certificate const& certificate) {
        return testing::NginxSite{
            .server_block =
                "ssl_certificate chain.pem;\nssl_certificate_key key.pem;\n"
                "location / { return 200 ok; }\n",
            .files = {{"chain.pem", certificate.pem()}, {"key.pem", certificate.key_pem()}},
            .listen_options = "ssl"};
    };
    Certificate const authority({.name = "Test Root", .hosts = {}, .is_authority = true});
    auto const ca_file = folder / "ca.pem";
    write_file(ca_file, authority.pem());
    auto const own_ip = "IP:" + testing::free_place().address;
    auto const secure =
        testing::start_nginx(tls_site(Certificate({.name = "good", .hosts = own_ip}, authority)));
    auto const self_signed =
        testing::start_nginx(tls_site(Certificate({.name = "alone", .hosts = own_ip})));
    auto const node = testing::start_node(
        "require('http').createServer((q, r) => r.end('ok')).listen(place.port, place.address);");
    auto const hostile = testing::start_node(kHostile);
    auto const python = testing::start_python_http({{"health.json", R"({"isRunning":true})"}});
    auto const redis = testing::start_redis();
    auto const postgres = testing::start_postgres();
    DemoProcess const demo("chatbot");
    auto const web = nginx->url("");
    auto const bad = hostile->url("");
    std::string const garbage = "not HTTP: " + [] {
        std::string all;
        for (int count = 0; count < 20; ++count) {
            all += "\uFFFD";
        }
        return all;
    }();
    watched = {
        {"nginx-healthy", web, "/healthy", "healthy"},
        {"nginx-warn", web, "/warn", "degraded"},
        {"nginx-down", web, "/down", "down", "body says down"},
        {"nginx-204", web, "/204", "healthy"},
        {"nginx-503", web, "/503", "down", "HTTP error: 503"},
        {"nginx-three", web, "/three", "healthy"},
        {"nginx-silent", web, "/no-answer", "down", "connection closed after 0 bytes"},
        {"node", node->url(""), "/health", "healthy"},
        {"python", python->url(""), "/health.json", "healthy"},
        {"httplib", demo.url(), "/health", "healthy"},
        {"redis", web, "/healthy", "healthy", "", "tcp: \"" + redis->host_and_port() + "\""},
        {"postgres", web, "/healthy", "healthy", "", "tcp: \"" + postgres->host_and_port() + "\""},
        {"tls", web, "/healthy", "healthy", "",
         "http: \"" + secure->url("/", "https") + "\", tls: { ca: " + ca_file + " }"},
        {"self-signed", self_signed->url("", "https"), "/", "down", "certificate is self-signed"},
        {"http-to-tls", secure->url(""), "/", "down", "HTTP error: 400"},
        {"tls-to-http", nginx->url("", "https"), "/", "down", "not TLS: HTTP/1.1 400 Bad Request"},
        {"garbage", bad, "/garbage", "down", garbage},
        {"headers", bad, "/headers", "down", "the answer's headers are longer than 64 KiB"},
        {"body", bad, "/body", "healthy"},
        {"deep", bad, "/deep", "healthy"},
        {"drip", bad, "/drip", "down", "timed out after 2000 ms"},
        {"silence", bad, "/silence", "down", "timed out after 2000 ms"},
        {"reset", bad, "/reset", "down", "connection reset after 0 bytes"},
        {"nobody", "http://127.0.0.1:9", "/", "down", "connection refused"},
    };
    write_config();
    HubProcess hub(folder.path(), "");

    for (auto const& one : watched) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        auto checks = checks_of(hub, one.project);
        while (checks.size() < kChecks && std::chrono::steady_clock::now() < deadline) {
            hub.process().listen_for(50);
            checks = checks_of(hub, one.project);
        }
        ASSERT_GE(checks.size(), kChecks) << one.project;
        EXPECT_EQ(status_of(hub, one.project), one.status) << one.project;
        for (auto const& check : checks) {
            EXPECT_EQ(check.at("status"), one.status) << one.project << ": " << check;
            EXPECT_EQ(check.value("errorMessage", ""), one.error) << one.project;
        }
    }

    redis->stop();
    ASSERT_TRUE(hub.shows("/api/history/redis?hours=1&service=other", "connection refused"));
    EXPECT_EQ(status_of(hub, "redis"), "down");
    EXPECT_EQ(status_of(hub, "postgres"), "healthy");

    EXPECT_LT(peak_memory_of(hub.process().id()), 100'000U);
    auto const before = std::chrono::steady_clock::now();
    hub.process().signal(SIGTERM);
    EXPECT_EQ(hub.process().wait_for_end(), 0) << hub.process().output();
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(3))
        << "a hostile target held up the stop";
}

}  // namespace
}  // namespace muster::e2e
