// One Prometheus, one list of targets, two who probe them: what it stores of both is the same, but
// for times.

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include <e2e/program/answer_log.hpp>
#include <e2e/program/hub_process.hpp>
#include <integration/tls/certificates.hpp>
#include <muster/testing/strict_exposition.hpp>
#include <muster/testing/target_server.hpp>
#include <muster/testing/temporary_folder.hpp>

#include "scrape_config.hpp"

namespace muster::e2e {
namespace {

using Json = nlohmann::json;
using testing::Place;
using testing::TargetServer;

constexpr auto kPatience = std::chrono::seconds(25);
constexpr auto kToken = "s3cret";

/// Series by their names and labels, without those of the job.
using Series = std::map<std::string, double>;

std::string text_of(Place const& place) {
    return place.address + ":" + std::to_string(place.port);
}

testing::TargetServerPtr start_blackbox(std::string const& authorities) {
    return std::make_unique<TargetServer>(
        [&](std::filesystem::path const& folder, Place const& place) {
            write_file(folder / "blackbox.yml",
                       "modules:\n  http_2xx: { prober: http }\n  tcp_connect: { prober: tcp }\n");
            TargetServer::Launch launch;
            launch.program = testing::find_program("prometheus-blackbox-exporter");
            launch.arguments = {"--config.file=" + (folder / "blackbox.yml").string(),
                                "--web.listen-address=" + text_of(place)};
            launch.options.environment["SSL_CERT_FILE"] = authorities;
            return launch;
        });
}

testing::TargetServerPtr start_prometheus(std::string const& configuration) {
    return std::make_unique<TargetServer>(
        [&](std::filesystem::path const& folder, Place const& place) {
            write_file(folder / "prometheus.yml", configuration);
            TargetServer::Launch launch;
            launch.program = testing::find_program("prometheus");
            launch.arguments = {"--config.file=" + (folder / "prometheus.yml").string(),
                                "--storage.tsdb.path=" + (folder / "data").string(),
                                "--web.listen-address=" + text_of(place)};
            return launch;
        });
}

testing::TargetServerPtr start_secure(Certificate const& certificate) {
    return testing::start_nginx(
        {.server_block = "ssl_certificate chain.pem;\nssl_certificate_key key.pem;\n"
                         "location / { return 200 secure; }\n",
         .files = {{"chain.pem", certificate.pem()}, {"key.pem", certificate.key_pem()}},
         .listen_options = "ssl"});
}

/// Differs between two looks at the same thing.
bool is_duration(std::string const& name) {
    return name.find("_duration_seconds") != std::string::npos ||
           name == "probe_dns_lookup_time_seconds";
}

struct SideBySide : ::testing::Test {
    SideBySide() { write_file(ca_file, authority.pem()); }

    [[nodiscard]] std::vector<ProbeJob> jobs_of(std::string const& side,
                                                std::string const& prober) const {
        return {{side + "-http", "http_2xx", http_targets, prober, side},
                {side + "-tcp", "tcp_connect", tcp_targets, prober, side}};
    }

    [[nodiscard]] std::string hub_place() const {
        return "127.0.0.1:" + std::to_string(hub.port());
    }

    /// What Prometheus has of one side now.
    static Series series_of(TargetServer const& prometheus, std::string const& side) {
        httplib::Client client(prometheus.place().address, prometheus.place().port);
        auto const answer =
            client.Get("/api/v1/query",
                       httplib::Params{{"query", "{side=\"" + side + "\",__name__=~\"probe_.*\"}"}},
                       httplib::Headers{});
        Series series;
        auto const json =
            answer ? Json::parse(answer->body, nullptr, false) : Json(Json::value_t::discarded);
        if (json.is_discarded() || json.value("status", "") != "success") {
            return series;
        }
        for (auto const& one : json.at("data").at("result")) {
            std::string key = one.at("metric").at("__name__");
            for (auto const& [label, value] : one.at("metric").items()) {
                if (label != "__name__" && label != "job" && label != "side") {
                    key += " " + label + "=" + value.get<std::string>();
                }
            }
            series.emplace(key, std::stod(one.at("value").at(1).get<std::string>()));
        }
        return series;
    }

    /// Everything in which the two sides differ, in lines; also what is not there yet.
    [[nodiscard]] std::string differences(Series const& theirs, Series const& ours) const {
        std::string text;
        for (auto const& targets : {http_targets, tcp_targets}) {
            for (auto const& target : targets) {
                auto const key = "probe_success instance=" + target;
                text += theirs.contains(key) && ours.contains(key) ? "" : "no " + key + "\n";
            }
        }
        for (auto const& [key, value] : theirs) {
            auto const found = ours.find(key);
            if (found == ours.end()) {
                text += "only theirs: " + key + "\n";
            } else if (found->second != value && !is_duration(key.substr(0, key.find(' ')))) {
                text += key + ": theirs " + std::to_string(value) + ", ours " +
                        std::to_string(found->second) + "\n";
            }
        }
        for (auto const& [key, value] : ours) {
            text += theirs.contains(key) ? "" : "only ours: " + key + "\n";
        }
        return text;
    }

    std::string probe(std::string const& host, int port, std::string const& module,
                      std::string const& target) {
        httplib::Client client(host, port);
        if (port == hub.port()) {
            log_answers(client);
        }
        auto const answer = client.Get(
            "/probe", httplib::Params{{"module", module}, {"target", target}}, httplib::Headers{});
        EXPECT_TRUE(answer && answer->status == 200) << target;
        return answer ? answer->body : std::string();
    }

    void check_by_promtool(std::string const& metrics) const {
        auto const file = folder / "metrics.txt";
        write_file(file, metrics);
        ChildProcess promtool("/bin/sh",
                              {"-c", "exec \"$0\" check metrics < \"$1\"",
                               testing::find_program("promtool").string(), file},
                              {});
        EXPECT_FALSE(promtool.wait_for_line("no such line"));  // all is read
        EXPECT_EQ(promtool.wait_for_end(), 0) << metrics << promtool.output();
        EXPECT_EQ(promtool.output(), "");
    }

    testing::TemporaryFolder folder;
    Certificate authority{{.name = "Test Root", .hosts = {}, .is_authority = true}};
    std::string ca_file{folder / "ca.pem"};
    testing::TargetServerPtr web = testing::start_nginx({.server_block = R"(
location = /200 { return 200 hello; }
location = /503 { return 503; }
location = /once { return 302 /200; }
location = /for-ever { return 302 /for-ever; }
location = /empty { return 204; }
location = /file.txt { }
)",
                                                         .files = {{"file.txt", "a file"}}});
    std::string own_ip{"IP:" + testing::free_place().address + ",DNS:good.example"};
    testing::TargetServerPtr secure =
        start_secure(Certificate({.name = "good", .hosts = own_ip}, authority));
    testing::TargetServerPtr alone = start_secure(Certificate({.name = "alone", .hosts = own_ip}));
    std::string nobody{text_of(testing::free_place())};
    std::vector<std::string> http_targets{web->url("/200"),
                                          web->host_and_port() + "/200",
                                          web->url("/503"),
                                          web->url("/once"),
                                          web->url("/for-ever"),
                                          web->url("/empty"),
                                          web->url("/file.txt"),
                                          secure->url("/", "https"),
                                          alone->url("/", "https"),
                                          "http://" + nobody + "/",
                                          "http://localhost:" + std::to_string(web->place().port)};
    std::vector<std::string> tcp_targets{web->host_and_port(), nobody, "nonsense"};
    HubProcess hub{folder.path(), "", {{"SSL_CERT_FILE", ca_file}}};
};

TEST_F(SideBySide, PrometheusStoresTheSame) {
    auto const blackbox = start_blackbox(ca_file);
    auto jobs = jobs_of("blackbox", blackbox->host_and_port());
    auto const ours = jobs_of("muster", hub_place());
    jobs.insert(jobs.end(), ours.begin(), ours.end());
    // Another hub, that asks for a token.
    testing::TemporaryFolder const guarded_folder;
    HubProcess const guarded(guarded_folder.path(), "", {{"MUSTER_TOKEN", kToken}});
    jobs.push_back({"guarded",
                    "tcp_connect",
                    {web->host_and_port()},
                    "127.0.0.1:" + std::to_string(guarded.port()),
                    "guarded",
                    kToken});
    auto const prometheus = start_prometheus(scrape_config(jobs));

    auto const deadline = std::chrono::steady_clock::now() + kPatience;
    std::string different = "nothing was asked";
    Series guarded_series;
    while (std::chrono::steady_clock::now() < deadline &&
           (!different.empty() || guarded_series.empty())) {
        hub.process().listen_for(200);
        different =
            differences(series_of(*prometheus, "blackbox"), series_of(*prometheus, "muster"));
        guarded_series = series_of(*prometheus, "guarded");
    }
    EXPECT_EQ(different, "");
    EXPECT_EQ(guarded_series["probe_success instance=" + web->host_and_port()], 1);

    auto stored = series_of(*prometheus, "muster");
    EXPECT_EQ(stored["probe_success instance=" + web->url("/200")], 1);
    EXPECT_EQ(stored["probe_success instance=" + web->url("/503")], 0);
    EXPECT_EQ(stored["probe_http_status_code instance=" + web->url("/503")], 503);
    EXPECT_EQ(stored["probe_http_redirects instance=" + web->url("/once")], 1);
    EXPECT_EQ(stored["probe_success instance=" + secure->url("/", "https")], 1);
    EXPECT_GT(stored["probe_ssl_earliest_cert_expiry instance=" + secure->url("/", "https")], 0);
    EXPECT_EQ(stored["probe_success instance=" + alone->url("/", "https")], 0);
    EXPECT_EQ(stored["probe_success instance=" + web->host_and_port()], 1);
    EXPECT_EQ(stored["probe_success instance=" + nobody], 0);

    // The answers themselves: the same families of the same types.
    for (auto const& [module, target] :
         std::vector<std::pair<std::string, std::string>>{{"http_2xx", web->url("/file.txt")},
                                                          {"http_2xx", secure->url("/", "https")},
                                                          {"http_2xx", alone->url("/", "https")},
                                                          {"tcp_connect", web->host_and_port()},
                                                          {"tcp_connect", "nonsense"}}) {
        auto const text = probe("127.0.0.1", hub.port(), module, target);
        testing::StrictExposition const shown(text);
        EXPECT_EQ(shown.complaints(), std::vector<std::string>{}) << text;
        testing::StrictExposition const wanted(
            probe(blackbox->place().address, blackbox->place().port, module, target));
        EXPECT_EQ(shown.types(), wanted.types()) << target;
        check_by_promtool(text);
    }
    // What was asked for at /probe is no service of the fleet.
    auto const metrics = hub.get("/metrics");
    EXPECT_NE(metrics.find("\nmuster_services 0\n"), std::string::npos);
    EXPECT_EQ(metrics.find("\nmuster_probe_requests_total 0\n"), std::string::npos);
    EXPECT_NE(metrics.find("\nmuster_probe_requests_refused_total 0\n"), std::string::npos);
    check_by_promtool(metrics);
}

}  // namespace
}  // namespace muster::e2e
