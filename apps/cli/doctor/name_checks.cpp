#include <cli/doctor/name_checks.hpp>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <cli/text/words.hpp>
#include <muster/dns/dns_resolver.hpp>
#include <muster/domain/address.hpp>
#include <muster/runtime/loop.hpp>

namespace muster {
namespace {

constexpr std::size_t kMostNames = 20;
constexpr Millis kLookupPatience{5'000};
constexpr char const* kNamesPart = "names";

struct Names {
    std::set<std::string> asked;
    std::size_t all{0};
};

Names names_of(std::vector<ServiceSpec> const& services) {
    std::set<std::string> names;
    for (auto const& service : services) {
        std::string const host(host_of(service.probe));
        if (!parse_ipv4(host) && !parse_ipv6(host)) {
            names.insert(host);
        }
    }
    Names chosen;
    chosen.all = names.size();
    for (auto const& name : names) {
        if (chosen.asked.size() < kMostNames) {
            chosen.asked.insert(name);
        }
    }
    if (chosen.asked.empty()) {
        chosen.asked.insert("localhost");
    }
    return chosen;
}

/// Why each name could not be resolved; empty: it could.
std::map<std::string, std::string> resolve_all(std::set<std::string> const& names,
                                               Clock const& clock) {
    std::map<std::string, std::string> problems;
    for (auto const& name : names) {
        problems[name] = "no answer within " + format_duration(kLookupPatience);
    }
    Loop loop;
    std::optional<DnsResolver> resolver;
    std::vector<std::unique_ptr<Resolver::Query>> queries;
    std::unique_ptr<Timer> patience;
    auto open = names.size();
    auto const end = [&] {
        // Later: what is destroyed there has called us.
        loop.post([&] {
            patience.reset();
            queries.clear();
            resolver.reset();
            loop.finish();
        });
    };
    loop.post([&] {
        resolver.emplace(loop, clock);
        patience = loop.make(end);
        patience->arm(clock.now().steady + kLookupPatience);
        for (auto const& name : names) {
            auto& problem = problems[name];
            queries.push_back(
                resolver->resolve(name, [&](tl::expected<ResolvedName, Failure> const& resolved) {
                    problem = resolved ? std::string() : resolved.error().text;
                    if (--open == 0) {
                        end();
                    }
                }));
        }
    });
    loop.run();
    return problems;
}

}  // namespace

void check_names(std::vector<ServiceSpec> const& services, Clock const& clock,
                 Report const& report) {
    auto const names = names_of(services);
    std::size_t failed = 0;
    for (auto const& [name, problem] : resolve_all(names.asked, clock)) {
        if (!problem.empty()) {
            ++failed;
            report({kNamesPart, Finding::failure, name + ": " + problem,
                    "correct the name, or look at /etc/resolv.conf and the name servers in it"});
        }
    }
    if (failed < names.asked.size()) {
        auto what = counted(names.asked.size() - failed, "name") + " resolved";
        if (names.all > names.asked.size()) {
            what += ", the first of " + std::to_string(names.all);
        }
        report({kNamesPart, Finding::ok, what, {}});
    }
}

}  // namespace muster
