#pragma once

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <integration/moved_clock.hpp>
#include <muster/dns/dns_resolver.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/testing/temporary_folder.hpp>

#include "dns_server.hpp"

namespace muster {

/// A resolver that asks a server of the test's, by a clock that the test moves.
struct DnsTest : ::testing::Test {
    using Answer = tl::expected<ResolvedName, Failure>;

    DnsTest() { write("hosts", ""); }

    void write(std::string const& name, std::string const& text) const {
        std::ofstream(folder / name, std::ios::binary | std::ios::trunc) << text;
    }

    [[nodiscard]] DnsOptions options() const {
        DnsOptions wanted;
        wanted.servers = server.address();
        wanted.configuration = folder / "resolv.conf";
        wanted.hosts = folder / "hosts";
        wanted.try_timeout = 50ms;
        wanted.tries = 2;
        wanted.deadline = 500ms;
        wanted.stale_after = 40ms;
        wanted.family_wait = 40ms;
        return wanted;
    }

    void make(DnsOptions const& wanted) {
        resolver = std::make_unique<DnsResolver>(loop, clock, wanted);
    }

    void run_until(UniqueFunction<bool()> condition) {
        while (!condition()) {
            loop.context().run_one();
        }
    }

    Answer ask(std::string const& host) {
        if (!resolver) {
            make(options());
        }
        std::optional<Answer> answer;
        auto const query =
            resolver->resolve(host, [&answer](Answer given) { answer = std::move(given); });
        EXPECT_FALSE(answer.has_value()) << "told inside resolve()";
        run_until([&answer] { return answer.has_value(); });
        return *std::move(answer);
    }

    /// `127.0.0.1 ::1`, or the failure's text.
    static std::string text_of(Answer const& answer) {
        if (!answer) {
            return answer.error().text;
        }
        std::string text;
        for (auto const& address : answer->addresses) {
            text += (text.empty() ? "" : " ") + address.to_string();
        }
        return text;
    }

    muster::testing::TemporaryFolder folder;
    Loop loop;
    MovedClock clock;
    DnsServer server{loop.context()};
    std::unique_ptr<DnsResolver> resolver;
};

}  // namespace muster
