#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rapidcheck.h>

#include <muster/domain/service.hpp>

// Services as files and API clients can make them, for property tests: every key, every kind of
// text that means something to YAML, JSON or the filling in of variables, and secrets everywhere.

namespace muster::testing {

template <class T>
T one_of(std::vector<T> const& values) {
    return *rc::gen::elementOf(values);
}

/// A list of a few: more prove nothing else and are slow.
template <class Any>
auto some_of(Any any) {
    std::vector<decltype(any())> items;
    for (auto left = *rc::gen::inRange(0, 7); left > 0; --left) {
        items.push_back(any());
    }
    return items;
}

/// As read_text() keeps it: without control characters.
inline std::string any_text() {
    return one_of<std::string>({"plain",
                                "two words",
                                "on",
                                "12",
                                "1e5",
                                "a: b",
                                "#x",
                                "${NAME}",
                                "$${x}",
                                "$$",
                                "it's",
                                "\"q\"",
                                "back\\slash",
                                "\xC3\xA4",
                                "~",
                                "null",
                                "- x",
                                "[y]",
                                "{z}",
                                " x ",
                                "%a",
                                "@b",
                                "`c",
                                "!d",
                                "&e",
                                "\xE2\x80\xA8",
                                "\xF0\x9F\x90\x8D",
                                "a\xEF\xBB\xBF"
                                "b"});
}

/// As read_bytes() keeps it: whatever it is.
inline std::string any_bytes() {
    return one_of<std::string>(
        {any_text(), "tab\there", "two\r\nlines\n", "\x01\x7F", "\n", "  ", "\xC2\x85", "****"});
}

inline std::vector<std::string> any_texts() {
    return some_of(any_text);
}

/// Goes where `***` stands: as text, as a part of a URL, as a header's value.
inline std::string any_secret() {
    return one_of<std::string>(
        {"hunter2", "12", "true", "null", "${NAME}", "$${x}", "a\"b", "x'y"});
}

inline Millis any_duration(Millis least, Millis most) {
    return Millis(*rc::gen::inRange(least.count(), most.count() + 1));
}

inline bool any_flag() {
    return *rc::gen::arbitrary<bool>();
}

template <class E>
E any_enum() {
    auto const names = enum_names(E{});
    return names.at(*rc::gen::inRange<std::size_t>(0, names.size())).first;
}

inline HealthPolicy any_policy() {
    HealthPolicy policy;
    policy.failure_threshold = *rc::gen::inRange<std::uint32_t>(1, 1002);
    policy.success_threshold = *rc::gen::inRange<std::uint32_t>(1, 1001);
    policy.degraded_above = any_duration(1ms, 10min);
    policy.interval = any_duration(100ms, 7 * 24h);
    policy.timeout = any_duration(1ms, 10min);
    if (any_flag()) {
        policy.failures_of.of = *rc::gen::inRange<std::uint32_t>(1, 33);
        policy.failures_of.failures =
            *rc::gen::inRange<std::uint32_t>(1, policy.failures_of.of + 1);
    }
    policy.hysteresis_percent = *rc::gen::inRange<std::uint32_t>(0, 100);
    policy.grace = any_duration(0ms, 24h);
    return policy;
}

inline JsonCondition any_condition() {
    JsonCondition condition;
    condition.field = one_of<std::string>(
        {"db.ok", "nodes.0.role", "a: b", "${NAME}", "12", "session.token", "api_key", "tab\tin"});
    condition.test = any_enum<JsonTest>();
    switch (condition.test) {
        case JsonTest::exists:
            condition.value = any_flag();
            break;
        case JsonTest::at_least:
        case JsonTest::at_most:
            condition.value = one_of<double>({0, -1.5, 1e300, 0.1, 4711, 5e-324});
            break;
        case JsonTest::equals:
        case JsonTest::differs:
            condition.value = one_of<JsonScalar>(
                {JsonScalar(), true, false, 12.0, std::string("12"), std::string("true"),
                 std::string("nan"), std::string("inf"), std::string(), any_bytes()});
            break;
    }
    return condition;
}

inline Url any_url() {
    auto const text = one_of<std::string>(
        {"https://h:8443/a?b=${c}", "http://me:hunter2@h/",
         "http://i:1/x?token=hunter2&y=1&key=", "http://${user}@i/?a=1&sig=${x}", "https://[::1]/p",
         "http://h", "http://127.0.0.1:3010/", "http://h/\xC3\xA4?q='\""});
    return *parse_url(text);
}

/// One that every address of `spec` allows.
inline IpFamily any_family(std::vector<std::string_view> const& hosts) {
    for (auto const host : hosts) {
        if (host != "h" && host != "i") {
            return IpFamily::any;
        }
    }
    return any_enum<IpFamily>();
}

inline ProbeSpec any_http_probe() {
    HttpProbeSpec spec{any_url()};
    std::vector<std::string_view> hosts{spec.url.host};
    if (any_flag()) {
        spec.more_urls = {any_url(), any_url()};
        hosts.push_back(spec.more_urls[0].host);
        hosts.push_back(spec.more_urls[1].host);
    } else {
        spec.fallback = any_flag();
    }
    spec.method = any_enum<HttpMethod>();
    if (any_flag()) {
        spec.headers = {{"X-Key", any_secret()}, {"!odd", any_secret()}};
    }
    if (spec.method == HttpMethod::post) {
        spec.body = one_of<std::string>({"", any_secret(), "two\r\nlines\n"});
    }
    if (any_flag()) {
        spec.expect.status = {{200, 299}, {404, 404}};
    }
    if (spec.method != HttpMethod::head) {
        spec.expect.body = one_of<std::string>({"", any_bytes()});
        spec.expect.body_matches = one_of<std::string>({"", "^v[0-9]+$", "^a b$", "\\$\\{x"});
        spec.expect.json = some_of(any_condition);
    }
    spec.tls = {any_flag(), one_of<std::string>({"", "shop.example.org"}),
                one_of<std::string>({"", "/etc/ca ${x}.pem"})};
    spec.redirects = static_cast<std::uint8_t>(*rc::gen::inRange(0, 11));
    spec.ip = any_family(hosts);
    return spec;
}

inline ProbeSpec any_probe() {
    if (any_flag()) {
        return any_http_probe();
    }
    auto const host = one_of<std::string>({"h", "::1", "127.0.0.1"});
    return TcpProbeSpec{{host, 25}, any_family({host})};
}

inline ServiceSpec any_service(std::string const& project, std::string name) {
    ServiceSpec service;
    service.project = project;
    service.name = std::move(name);
    service.type = any_enum<ServiceType>();
    service.probe = any_probe();
    service.policy = any_policy();
    service.connection = any_enum<ConnectionPolicy>();
    service.critical = any_flag();
    service.tags = any_texts();
    service.group = one_of<std::string>({"", "front", any_text()});
    service.formerly = one_of<std::string>({"", service.name + "-old"});
    if (service.name == "db") {
        service.depends_on = {{project == "shop" ? "other" : "shop", "app", true},
                              {project, "app", false}};
    }
    service.metadata = {{any_text(), any_text()}, {any_text(), ""}};
    service.capabilities = any_texts();
    service.version = one_of<std::string>({"", any_text()});
    service.container_id = one_of<std::string>({"", any_text()});
    if (any_flag()) {
        service.port = static_cast<std::uint16_t>(*rc::gen::inRange(1, 65'536));
    }
    return service;
}

}  // namespace muster::testing
