#include "dns_test.hpp"

namespace muster {
namespace {

using Way = DnsScript::Way;
using DnsManyNames = DnsTest;

constexpr std::size_t kNames = 10'000;

constexpr std::size_t kSilent = kNames / 100;

/// Each answer takes 100 ms, so one after another they would take 1,000 s; and some never come.
TEST_F(DnsManyNames, DoNotWaitForEachOther) {
    auto many = options();
    many.try_timeout = 1500ms;
    many.deadline = 10s;
    make(many);
    server.otherwise([](std::string const& name) {
        DnsScript script{.v4 = {"127.0.0.1"}, .delay = 100ms};
        if (name.starts_with("silent")) {
            script.way = Way::silence;
        }
        return script;
    });
    std::vector<std::unique_ptr<Resolver::Query>> queries;
    std::size_t found = 0;
    std::size_t told = 0;
    auto const before = clock.now().steady;
    for (std::size_t index = 0; index < kNames; ++index) {
        auto const name = (index % 100 == 0 ? "silent" : "name") + std::to_string(index);
        queries.push_back(
            resolver->resolve(name + ".example", [&found, &told](Answer const& answer) {
                found += answer.has_value() ? 1 : 0;
                ++told;
            }));
    }
    run_until([&told] { return told == kNames; });
    EXPECT_EQ(found, kNames - kSilent);
    EXPECT_LT(clock.now().steady - before, 50s);
}

}  // namespace
}  // namespace muster
