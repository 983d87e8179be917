// What `muster config show` prints, with the secrets put back, is the configuration that it
// printed: any model that files and variables can make is written, and read again as an equal one.

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <muster/config/document.hpp>
#include <muster/config/load.hpp>
#include <muster/config/write_configuration.hpp>
#include <muster/domain/secret_names.hpp>

#include "arbitrary_service.hpp"

namespace muster::config {
namespace {

using namespace testing;

ProjectSpec any_project(std::string name) {
    auto project = project_of(std::move(name), any_url());
    project.description = one_of<std::string>({"", any_text()});
    project.critical = any_flag();
    project.tags = any_texts();
    project.group = one_of<std::string>({"", "front"});
    project.formerly = one_of<std::string>({"", project.name + "-old"});
    project.status_path = one_of<std::string>({"/status", "/x?y=${z}", "/x?key=hunter2"});
    project.logs_path = one_of<std::string>({"/logs", "/l?token=hunter2&token="});
    if (any_flag()) {
        project.metrics.reset();
    } else {
        project.metrics->interval = any_duration(100ms, 1h);
        project.metrics->url =
            with_path(project.url, one_of<std::string>({"/figures", "/f?key=hunter2"}));
        project.metrics->map = {{"errorCount", "errors_total{code=~\"5..\"}"},
                                {"apiUsage.mails", "increase(mails_total)"},
                                {"apiUsage.a: b", "mails_total"}};
    }
    auto& app = project.services.front();
    app.critical = project.critical;
    app.tags = project.tags;
    app.group = project.group;
    app.policy = any_policy();
    app.connection = any_enum<ConnectionPolicy>();
    HttpProbeSpec probe{
        with_path(project.url, one_of<std::string>({"/healthz", "/h?auth=hunter2&x=${y}"}))};
    if (any_flag()) {
        probe.url = project.url;
        probe.fallback = true;
    }
    app.probe = std::move(probe);
    project.services.push_back(any_service(project.name, "db"));
    project.services.push_back(any_service(project.name, "web"));
    return project;
}

MaintenanceSpec any_window() {
    MaintenanceSpec window;
    if (any_flag()) {
        window.match = {{"shop"},    {"shop/web"}, {ServiceType::web},
                        any_texts(), {"front"},    any_flag()};
    }
    window.why = one_of<std::string>({"", any_text()});
    if (any_flag()) {
        auto const minute = [] {
            return static_cast<std::uint16_t>(*rc::gen::inRange(0, 24 * 60));
        };
        window.weekly = WeeklyWindow{any_enum<Weekday>(), minute(), minute(), "Europe/Berlin"};
        return window;
    }
    auto const which = *rc::gen::inRange(1, 4);
    if ((which & 1) != 0) {
        window.from = *parse_rfc3339("2026-11-22T02:00:00.123Z");
    }
    if ((which & 2) != 0) {
        window.until = *parse_rfc3339("2026-11-22T04:00:00Z");
    }
    return window;
}

Configuration any_configuration() {
    Configuration configuration;
    configuration.hub = {"hub-2", {{"0.0.0.0", 4001}, {"::1", 0}}, {"muster.example.org", "::1"}};
    configuration.logging = {one_of<LogLevel>({LogLevel::debug, LogLevel::info, LogLevel::error}),
                             one_of<LogFormat>({LogFormat::text, LogFormat::json}), any_text()};
    configuration.limits = {*rc::gen::inRange<std::size_t>(1, 100'001),
                            *rc::gen::inRange<std::size_t>(1, 100'001),
                            {{"front", 3}, {any_text(), 4}}};
    configuration.retention = {any_duration(1h, 3650 * 24h),
                               *rc::gen::inRange<std::uint64_t>(1'000'000, 1'000'000'000'000),
                               any_duration(1h, 3650 * 24h), any_duration(1h, 3650 * 24h)};
    configuration.cors.origins = {"*", "https://example.org:8443"};
    if (any_flag()) {
        configuration.token = any_secret();
        configuration.reads = any_enum<Reads>();
    }
    configuration.defaults = {any_policy(), any_enum<ConnectionPolicy>()};
    configuration.projects = {any_project("shop"), any_project("other")};
    configuration.maintenance = {any_window(), any_window()};
    return configuration;
}

/// The secrets of a configuration in the order in which its document masks them.
class Secrets {
public:
    explicit Secrets(Configuration const& configuration) {
        if (configuration.token) {
            add(*configuration.token);
        }
        for (auto const& project : configuration.projects) {
            add(project);
        }
    }

    Document next() { return values_.at(next_++); }
    std::string next_text() { return std::get<std::string>(next().value()); }
    [[nodiscard]] bool all_taken() const { return next_ == values_.size(); }

private:
    static std::string literal(std::string_view text) {
        std::string out;
        for (std::size_t at = 0; at < text.size(); ++at) {
            out += text.substr(at, 2) == "${" ? "$$" : text.substr(at, 1);
        }
        return out;
    }

    void add(std::string_view secret) { values_.emplace_back(literal(secret)); }

    void add_query(std::string_view target) {
        auto rest = target.substr(std::min(target.find('?'), target.size()));
        while (!rest.empty()) {
            rest.remove_prefix(1);
            auto const parameter = rest.substr(0, rest.find('&'));
            auto const equals = parameter.find('=');
            if (equals != std::string_view::npos && names_a_secret(parameter.substr(0, equals))) {
                add(parameter.substr(equals + 1));
            }
            rest.remove_prefix(parameter.size());
        }
    }

    void add(Url const& url) {
        if (!url.user_info.empty()) {
            add(url.user_info);
        }
        add_query(url.target);
    }

    void add(ProjectSpec const& project) {
        add(project.url);
        auto const& app = std::get<HttpProbeSpec>(project.services.front().probe);
        if (!app.fallback) {
            add_query(app.url.target);
        }
        if (project.metrics) {
            add_query(project.metrics->url.target);
        }
        add_query(project.status_path);
        add_query(project.logs_path);
        for (auto const& service : project.services) {
            auto const* http = std::get_if<HttpProbeSpec>(&service.probe);
            if (service.name != "app" && http != nullptr) {
                add(*http);
            }
        }
    }

    void add(HttpProbeSpec const& probe) {
        add(probe.url);
        for (auto const& url : probe.more_urls) {
            add(url);
        }
        for (auto const& header : probe.headers) {
            add(header.value);
        }
        if (!probe.body.empty()) {
            add(probe.body);
        }
        for (auto const& condition : probe.expect.json) {
            if (names_a_secret(condition.field) && condition.test != JsonTest::exists) {
                add_value(condition.value);
            }
        }
    }

    void add_value(JsonScalar const& value) {
        if (auto const* text = std::get_if<std::string>(&value)) {
            add(*text);
        } else if (auto const* flag = std::get_if<bool>(&value)) {
            values_.emplace_back(*flag);
        } else if (auto const* number = std::get_if<double>(&value)) {
            std::array<char, 32> digits{};
            auto const end =
                std::to_chars(digits.data(), digits.data() + digits.size(), *number).ptr;
            values_.emplace_back(Document::Bare{std::string(digits.data(), end)});
        } else {
            values_.emplace_back(Document::Bare{"null"});
        }
    }

    std::vector<Document> values_;
    std::size_t next_{0};
};

/// What a person does who puts the secrets back.
struct PutBack {
    Secrets& secrets;

    Document operator()(std::string const& text) const {
        constexpr std::string_view kUnmasked = "****";  // a text of the test that is no mask
        if (text == kSecretMask) {
            return secrets.next();
        }
        std::string out;
        std::string_view rest = text;
        while (text != kUnmasked && rest.find(kSecretMask) != std::string_view::npos) {
            auto const at = rest.find(kSecretMask);
            out += std::string(rest.substr(0, at)) + secrets.next_text();
            rest.remove_prefix(at + kSecretMask.size());
        }
        return out + std::string(rest);
    }
    Document operator()(Document::Bare const& bare) const { return bare; }
    Document operator()(Document::List const& list) const {
        Document::List out;
        for (auto const& item : list) {
            out.push_back(std::visit(*this, item.value()));
        }
        return out;
    }
    Document operator()(Document::Map const& map) const {
        Document::Map out;
        for (auto const& [key, value] : map) {
            out.emplace_back(key, std::visit(*this, value.value()));
        }
        return out;
    }
};

Document with_secrets(Configuration const& configuration) {
    Secrets secrets(configuration);
    auto document = std::visit(PutBack{secrets}, write_configuration(configuration).value());
    RC_ASSERT(secrets.all_taken());
    return document;
}

RC_GTEST_PROP(ConfigurationRoundTrip, WhatIsShownIsReadAgainOnceTheSecretsArePutIn, ()) {
    auto const configuration = any_configuration();
    auto const document = with_secrets(configuration);
    for (auto const& text : {to_yaml(document), to_json(document)}) {
        LoadInput input;
        input.file_text = text;
        auto read = load(input);
        if (!read) {
            RC_FAIL(to_text(read.error().front()) + "\n" + text);
        }
        read->warnings.clear();
        RC_ASSERT(to_yaml(write_configuration(*read)) ==
                  to_yaml(write_configuration(configuration)));
        RC_ASSERT(*read == configuration);
    }
}

}  // namespace
}  // namespace muster::config
