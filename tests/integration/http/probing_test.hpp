#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <muster/http/http_client.hpp>
#include <muster/http/http_prober.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/runtime/system_clock.hpp>
#include <muster/tcp/resolver.hpp>

#include "scripted_server.hpp"

namespace muster {

/// Knows what a test tells it, and never answers for other names.
class FixedResolver final : public Resolver {
public:
    explicit FixedResolver(Loop& loop) : loop_(loop) {}

    void set(std::string const& name, tl::expected<Addresses, Failure> answer) {
        answers_.insert_or_assign(name, std::move(answer));
    }

    std::unique_ptr<Query> resolve(std::string const& host, Done done) override {
        auto shared = std::make_shared<Done>(std::move(done));
        auto const known = answers_.find(host);
        if (known != answers_.end()) {
            loop_.post([shared, answer = known->second] {
                if (auto function = std::exchange(*shared, nullptr)) {
                    function(answer.map([](Addresses const& addresses) {
                        return ResolvedName{addresses, std::nullopt};
                    }));
                }
            });
        }
        return std::make_unique<Asked>(std::move(shared));
    }

    bool still_at(std::string const& host, boost::asio::ip::address const& address) override {
        auto const known = answers_.find(host);
        return known == answers_.end() ||
               (known->second && std::find(known->second->begin(), known->second->end(), address) !=
                                     known->second->end());
    }

private:
    class Asked final : public Query {
    public:
        explicit Asked(std::shared_ptr<Done> done) : done_(std::move(done)) {}
        ~Asked() override { *done_ = nullptr; }
        Asked(Asked const&) = delete;
        Asked& operator=(Asked const&) = delete;

    private:
        std::shared_ptr<Done> done_;
    };

    Loop& loop_;
    std::map<std::string, tl::expected<Addresses, Failure>> answers_;
};

/// Keeps the last outcome.
class LastOutcome final : public ProbeObserver {
public:
    void probed(std::uint64_t token, Outcome outcome) override {
        ++count;
        last_token = token;
        last = std::move(outcome);
        if (then) {
            then();
        }
    }

    std::size_t count{0};
    std::uint64_t last_token{0};
    std::optional<Outcome> last;
    UniqueFunction<void()> then;
};

struct ProbingTest : ::testing::Test {
    void run_until(UniqueFunction<bool()> condition) {
        while (!condition()) {
            loop.context().run_one();
        }
    }

    /// Lets the loop work for a while; for what must not happen.
    void run_for(Millis length) { loop.context().run_for(length); }

    [[nodiscard]] std::unique_ptr<Probe> prepare(std::string const& url, bool reuse = false) {
        return http.prepare(HttpProbeSpec{parse_url(url).value()}, reuse).value();
    }

    [[nodiscard]] std::unique_ptr<Probe> prepare(HttpProbeSpec const& spec, bool reuse = false) {
        auto made = http.prepare(spec, reuse);
        EXPECT_TRUE(made) << made.error().message;
        return *std::move(made);
    }

    [[nodiscard]] HttpProbeSpec spec_of(std::string_view path = "/health") const {
        return HttpProbeSpec{parse_url(server.url(path)).value()};
    }

    Outcome run(Probe& probe, Millis timeout = 10s, bool fresh = false) {
        observer.last.reset();
        probe.start({.timeout = timeout, .fresh = fresh}, observer, 7);
        EXPECT_FALSE(observer.last.has_value()) << "told inside start()";
        run_until([this] { return observer.last.has_value(); });
        EXPECT_EQ(observer.last_token, 7U);
        return *observer.last;
    }

    Outcome probe(std::string const& url, Millis timeout = 10s) {
        auto const one = prepare(url);
        return run(*one, timeout);
    }

    /// What the server does with one request, seen by one fresh probe.
    Outcome probe_script(ServerScript script, Millis timeout = 10s) {
        server.then(std::move(script));
        return probe(server.url(), timeout);
    }

    Loop loop;
    SystemClock clock;
    FixedResolver resolver{loop};
    HttpClientOptions options;
    HttpClient client{loop, clock, resolver, options};
    HttpProber http{client};
    ScriptedServer server{loop.context()};
    LastOutcome observer;
};

/// A connection on which one request gets this answer.
inline ServerScript one_answer(std::string_view status, std::string_view headers = {},
                               std::string_view body = {}) {
    return {step::read_request(),
            step::send("HTTP/1.1 " + std::string(status) + "\r\n" + std::string(headers) +
                       "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                       std::string(body)),
            step::close()};
}

inline constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

}  // namespace muster
