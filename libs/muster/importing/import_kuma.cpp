// Monitors become services of a project that is named like the outermost group around them. Backups
// (1.x) and the rows of the database (1.x and 2.x) are read alike: only some names differ.

#include <muster/importing/import_kuma.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <muster/base/ascii.hpp>
#include <muster/base/utf8.hpp>
#include <muster/config/yaml_reader.hpp>
#include <muster/domain/url.hpp>
#include <muster/importing/assembly.hpp>
#include <muster/importing/json_path.hpp>
#include <muster/importing/request_parts.hpp>
#include <muster/importing/source_map.hpp>
#include <muster/importing/status_codes.hpp>
#include <muster/importing/surrogates.hpp>

namespace muster::importing {
namespace {

constexpr double kKumaInterval = 60;  ///< Seconds: Uptime Kuma's own defaults.
constexpr double kTimeoutShare = 0.8;
constexpr double kKumaRedirects = 10;
constexpr std::size_t kKumaMaxText = 1000;

std::string literal(std::string_view text) {
    return as_literal(clean_text(text, kKumaMaxText));
}

/// Seconds as people of Uptime Kuma write them; at most a year.
Millis seconds(double value) {
    constexpr double kMost = 365.0 * 24 * 3600;
    return Millis(static_cast<Millis::rep>(std::clamp(value, 0.0, kMost) * 1000));
}

/// A kind of monitor that is more than a connection, but where that can be checked at least.
struct ConnectionOnly {
    std::string_view type;
    std::string_view scheme;  ///< Of its connection string; empty: it has host and port.
    std::string_view port;    ///< Where none is given.
    ServiceType as;
};

constexpr std::array<ConnectionOnly, 6> kConnectionOnly{{
    {"postgres", "postgres", "5432", ServiceType::database},
    {"mysql", "mysql", "3306", ServiceType::database},
    {"mongodb", "mongodb", "27017", ServiceType::database},
    {"redis", "redis", "6379", ServiceType::cache},
    {"mqtt", "", "1883", ServiceType::queue},
    {"smtp", "", "25", ServiceType::other},
}};

/// `200-299` or `404`.
std::optional<StatusCodes> codes_of(std::string_view text) {
    auto const dash = text.find('-');
    auto const first = whole_number(trimmed(text.substr(0, dash)));
    auto const last =
        dash == std::string_view::npos ? first : whole_number(trimmed(text.substr(dash + 1)));
    if (!first || !last || *first > *last || *first < StatusCodes::kLeast ||
        *last > StatusCodes::kMost) {
        return std::nullopt;
    }
    return StatusCodes::between(*first, *last);
}

class KumaReader {
public:
    KumaReader(std::string const& file, SourceMap const& root)
        : file_(file), root_(root), assembly_({file, "kuma", {}}) {}

    Result<Imported> read(YamlNode monitors) {
        std::vector<SourceMap> entries;
        bool const by_id = monitors.kind() == NodeKind::map;
        bool is_key = false;
        for (auto const entry : monitors) {
            is_key = by_id && !is_key;
            if (!is_key) {
                entries.emplace_back(entry);
            }
        }
        for (auto const& entry : entries) {
            if (entry.text("type") == "group") {
                groups_.emplace(entry.text("id"), &entry);
            }
        }
        for (auto const& entry : entries) {
            if (entry.text("type") != "group") {
                assembly_.add(monitor(entry));
            }
        }
        tell_of_lists();
        return assembly_.finish();
    }

private:
    Draft monitor(SourceMap const& entry) {
        Draft draft;
        draft.name = clean_text(entry.text("name"), kKumaMaxText);
        place(entry, draft);
        draft.origin = {file_, entry.node().line(),
                        draft.project.empty() ? draft.name : draft.project + "/" + draft.name};
        if (entry.node().kind() != NodeKind::map) {
            draft.leave_out("", "is no monitor", "");
            return draft;
        }
        if (entry.flag("active") == false || entry.is_on("forceInactive")) {
            draft.leave_out("active", "it is paused there, and services cannot be",
                            "take it in by hand when it is wanted");
        } else if (auto const* down = entry.find_any({"upsideDown", "upside_down"});
                   down != nullptr && truth_of(down->text()) == true) {
            draft.leave_out("upsideDown",
                            "it is up while its target is not: checks cannot be "
                            "turned round",
                            kCheckByHand);
        } else {
            read_target(entry, draft);
        }
        if (!draft.is_missing()) {
            read_times(entry, draft);
            read_labels(entry, draft);
            if (entry.find_any({"proxyId", "proxy_id"}) != nullptr) {
                draft.lose("proxy", "is left out: checks go directly", kCheckByHand);
            }
        }
        return draft;
    }

    /// Project and group, by the groups around it.
    void place(SourceMap const& entry, Draft& draft) {
        std::vector<std::string> names;  // from the inside to the outside
        auto parent = entry.text("parent");
        for (std::size_t steps = 0; !parent.empty() && steps <= groups_.size(); ++steps) {
            auto const group = groups_.find(parent);
            if (group == groups_.end()) {
                break;
            }
            names.push_back(clean_text(group->second->text("name"), kKumaMaxText));
            parent = group->second->text("parent");
        }
        if (names.empty()) {
            return;
        }
        draft.project = names.back();
        if (names.size() > 1) {
            draft.group = as_literal(names.front());
        }
    }

    void read_target(SourceMap const& entry, Draft& draft) {
        auto const type = entry.text("type");
        if (type == "http" || type == "keyword" || type == "json-query") {
            read_request(entry, draft);
        } else if (type == "real-browser") {
            read_request(entry, draft);
            draft.lose("type real-browser", "is a plain GET here: no browser loads the page",
                       kCheckByHand);
        } else if (type == "port") {
            draft.probe = TcpDraft{
                as_literal(endpoint_text(trimmed(entry.text("hostname")), entry.text("port"))),
                family(entry)};
        } else if (auto const* known = std::find_if(
                       kConnectionOnly.begin(), kConnectionOnly.end(),
                       [type](ConnectionOnly const& kind) { return kind.type == type; });
                   known != kConnectionOnly.end()) {
            read_connection(entry, *known, draft);
        } else {
            draft.leave_out("type " + clean_text(type, 40), "Muster has no check of this kind yet",
                            type == "push" ? "heartbeats are not built yet: keep Uptime Kuma for it"
                                           : kCheckByHand);
        }
    }

    void read_connection(SourceMap const& entry, ConnectionOnly const& kind, Draft& draft) {
        auto host = std::string(trimmed(entry.text("hostname")));
        auto port = std::string(entry.text("port"));
        if (!kind.scheme.empty()) {
            auto const* given =
                entry.find_any({"databaseConnectionString", "database_connection_string"});
            auto const endpoint =
                given == nullptr ? std::nullopt : endpoint_in(given->text(), kind);
            if (!endpoint) {
                draft.leave_out("type " + std::string(kind.type),
                                "no host and port can be read from its connection string",
                                "write a tcp probe by hand");
                return;
            }
            host = endpoint->host;
            port = std::to_string(endpoint->port);
        } else if (auto const scheme = host.find("://"); scheme != std::string::npos) {
            host.erase(0, scheme + 3);
        }
        draft.type = kind.as;
        draft.probe = TcpDraft{
            as_literal(endpoint_text(host, port.empty() ? kind.port : std::string_view(port))),
            family(entry)};
        draft.lose("type " + std::string(kind.type),
                   "is a TCP check here: that the port answers is checked, but nothing that comes "
                   "after",
                   kCheckByHand);
    }

    /// Host and port of `scheme://user:password@host:port/...`.
    static std::optional<HostPort> endpoint_in(std::string_view text, ConnectionOnly const& kind) {
        auto const scheme = text.find("://");
        auto const given = text.substr(0, scheme);
        if (scheme == std::string_view::npos ||
            (given != kind.scheme && given != std::string(kind.scheme) + "ql" &&
             given != std::string(kind.scheme) + "s")) {
            return std::nullopt;
        }
        auto rest = text.substr(scheme + 3);
        rest = rest.substr(0, rest.find_first_of("/?#"));
        if (auto const at = rest.rfind('@'); at != std::string_view::npos) {
            rest.remove_prefix(at + 1);
        }
        auto const bracket = rest.rfind(']');
        bool const has_port = rest.find(':', bracket == std::string_view::npos ? 0 : bracket) !=
                              std::string_view::npos;
        auto const endpoint = parse_host_port(
            has_port ? std::string(rest) : std::string(rest) + ":" + std::string(kind.port));
        return endpoint ? std::optional(*endpoint) : std::nullopt;
    }

    void read_request(SourceMap const& entry, Draft& draft) {
        HttpDraft http;
        http.url = as_literal(trimmed(entry.text("url")));
        if (!set_method(draft, http, entry.text("method"))) {
            return;
        }
        auto const* ignores = entry.find_any({"ignoreTls", "ignore_tls"});
        http.verify = ignores == nullptr || truth_of(ignores->text()) != true;
        auto const redirects = number_of(entry.text("maxredirects")).value_or(kKumaRedirects);
        http.redirects = static_cast<std::uint32_t>(std::clamp(redirects, 0.0, kKumaRedirects));
        if (redirects > kKumaRedirects) {
            draft.lose("maxredirects", "are 10 now, the most that can be had", "");
        }
        http.ip = family(entry);
        read_headers(entry, draft, http);
        read_login(entry, draft, http);
        read_body(entry, draft, http);
        read_status(entry, draft, http);
        read_expectation(entry, draft, http);
        if (entry.find_any({"tlsCa", "tls_ca"}) != nullptr) {
            draft.lose("tlsCa", "is left out: our files name a file of authorities",
                       "put it into a file and name that under tls.ca");
        }
        if (auto const* bust = entry.find_any({"cacheBust", "cache_bust"});
            bust != nullptr && truth_of(bust->text()) == true) {
            draft.lose("cacheBust", "is left out: checks ask the URL as it stands", "");
        }
        draft.probe = std::move(http);
    }

    /// Which are JSON in a text.
    void read_headers(SourceMap const& entry, Draft& draft, HttpDraft& http) {
        auto const text = entry.text("headers");
        if (trimmed(text).empty()) {
            return;
        }
        auto const tree = config::read_foreign_yaml(without_surrogates(text), "headers");
        if (!tree || tree->root().kind() != NodeKind::map) {
            draft.lose("headers", "are left out: they are no JSON object", "write them by hand");
            return;
        }
        for (auto const& header : SourceMap(tree->root()).fields()) {
            add_header(draft, http, header.key, as_literal(header.value.text()));
        }
    }

    static void read_login(SourceMap const& entry, Draft& draft, HttpDraft& http) {
        auto const* given = entry.find_any({"authMethod", "auth_method"});
        auto const method = given == nullptr ? std::string_view() : given->text();
        auto const user = entry.text("basic_auth_user");
        auto const password = entry.text("basic_auth_pass");
        if (method.empty() || method == "basic") {
            if (!user.empty() || !password.empty()) {
                http.login = Login{percent_encoded(user), percent_encoded(password)};
            }
        } else if (method == "bearer" && !entry.text("bearer_token").empty()) {
            add_header(draft, http, "Authorization",
                       "Bearer " + as_literal(entry.text("bearer_token")));
        } else if (method != "null") {
            draft.lose("authMethod " + clean_text(method, 40),
                       "is left out: checks do not log in so", kCheckByHand);
        }
    }

    static void read_body(SourceMap const& entry, Draft& draft, HttpDraft& http) {
        set_body(draft, http, as_literal(entry.text("body")));
        if (http.body.empty()) {
            return;
        }
        auto const* given = entry.find_any({"httpBodyEncoding", "http_body_encoding"});
        auto const encoding = given == nullptr ? std::string_view() : given->text();
        auto const* type = "application/json";
        if (encoding == "form") {
            type = "application/x-www-form-urlencoded";
        } else if (encoding == "xml") {
            type = "text/xml; charset=utf-8";
        }
        bool const has_type = std::any_of(
            http.headers.begin(), http.headers.end(),
            [](HttpHeader const& header) { return in_lower_case(header.name) == "content-type"; });
        if (!has_type) {
            add_header(draft, http, "Content-Type", type);
        }
    }

    /// A list, or a text that holds one in JSON.
    static void read_status(SourceMap const& entry, Draft& draft, HttpDraft& http) {
        auto const* given = entry.find_any({"accepted_statuscodes", "accepted_statuscodes_json"});
        if (given == nullptr) {
            return;
        }
        StatusCodes accepted;
        auto const take = [&](YamlNode list) {
            for (auto const item : items_of(list)) {
                if (auto const codes = codes_of(item.text())) {
                    accepted |= *codes;
                } else {
                    draft.lose("status " + clean_text(item.text(), 40),
                               "is left out: it is no code and no range of codes", "");
                }
            }
        };
        if (given->kind() == NodeKind::scalar) {
            auto const tree = config::read_foreign_yaml(given->text(), "accepted_statuscodes");
            if (tree) {
                take(tree->root());
            }
        } else {
            take(*given);
        }
        if (accepted.empty()) {
            draft.lose("accepted_statuscodes", "name no code: 200-299 pass",
                       "say which codes pass");
        } else if (accepted != StatusCodes::between(200, 299)) {
            http.status = accepted.ranges();
        }
    }

    static void read_expectation(SourceMap const& entry, Draft& draft, HttpDraft& http) {
        auto const type = entry.text("type");
        auto const keyword = entry.text("keyword");
        auto const* inverted = entry.find_any({"invertKeyword", "invert_keyword"});
        if (type == "keyword" && inverted != nullptr && truth_of(inverted->text()) == true) {
            draft.lose("invertKeyword",
                       "is left out: a check says what the body holds, not what it must not hold",
                       kCheckByHand);
        } else if (type == "keyword") {
            expect_text(draft, http, as_literal(keyword), "keyword");
        } else if (type == "json-query") {
            auto condition = json_condition(entry);
            if (condition) {
                http.json.push_back(*std::move(condition));
            } else {
                draft.lose("jsonPath",
                           "is left out: only names and places in lists are followed, "
                           "and compared by ==, !=, <, <=, > and >=",
                           "write a condition under expect.json");
            }
        }
    }

    static std::optional<JsonCondition> json_condition(SourceMap const& entry) {
        constexpr std::string_view kFollowed =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.[]";
        auto const text_of = [&entry](std::vector<std::string_view> const& keys) {
            auto const* value = entry.find_any(keys);
            return value == nullptr ? std::string_view() : value->text();
        };
        auto path = trimmed(text_of({"jsonPath", "json_path"}));
        path.remove_prefix(path.substr(0, 1) == "$" ? 1 : 0);
        auto const field = path.find_first_not_of(kFollowed) == std::string_view::npos
                               ? json_path(path)
                               : std::nullopt;
        auto const expected = text_of({"expectedValue", "expected_value"});
        auto const comparison = text_of({"jsonPathOperator", "json_path_operator"});
        auto value = json_scalar(as_literal(expected));
        if (!field || !value) {
            return std::nullopt;
        }
        if (comparison.empty() || comparison == "==" || comparison == "!=") {
            return JsonCondition{*field, comparison == "!=" ? JsonTest::differs : JsonTest::equals,
                                 *std::move(value)};
        }
        auto const* number = std::get_if<double>(&*value);
        if (number == nullptr) {
            return std::nullopt;
        }
        constexpr auto kInfinity = std::numeric_limits<double>::infinity();
        if (comparison == "<" || comparison == "<=") {
            return JsonCondition{*field, JsonTest::at_most,
                                 comparison == "<" ? std::nextafter(*number, -kInfinity) : *number};
        }
        if (comparison == ">" || comparison == ">=") {
            return JsonCondition{*field, JsonTest::at_least,
                                 comparison == ">" ? std::nextafter(*number, kInfinity) : *number};
        }
        return std::nullopt;
    }

    static IpFamily family(SourceMap const& entry) {
        auto const* given = entry.find_any({"ipFamily", "ip_family"});
        if (given == nullptr) {
            return IpFamily::any;
        }
        return given->text() == "ipv4"   ? IpFamily::v4
               : given->text() == "ipv6" ? IpFamily::v6
                                         : IpFamily::any;
    }

    static void read_times(SourceMap const& entry, Draft& draft) {
        auto const interval = number_of(entry.text("interval")).value_or(kKumaInterval);
        set_interval(draft, seconds(interval));
        auto const timeout = number_of(entry.text("timeout")).value_or(0);
        set_timeout(draft, seconds(timeout > 0 ? timeout : interval * kTimeoutShare));
        set_retries(draft, number_of(entry.text("maxretries")).value_or(0));
        draft.success_threshold = 1;
        auto const* between = entry.find_any({"retryInterval", "retry_interval"});
        if (*draft.retries > 0 && between != nullptr &&
            number_of(between->text()).value_or(0) > 0) {
            draft.tell("retryInterval", "is 1, 2, then 4 s here: a failure is looked into at once");
        }
    }

    static void read_labels(SourceMap const& entry, Draft& draft) {
        if (auto const description = entry.text("description"); !description.empty()) {
            draft.metadata.emplace("description", literal(description));
        }
        auto const* tags = entry.find("tags");
        if (tags == nullptr || tags->kind() != NodeKind::list) {
            return;
        }
        for (auto const one : *tags) {
            SourceMap const tag(one);
            auto const name = one.kind() == NodeKind::scalar ? one.text() : tag.text("name");
            auto const value = tag.text("value");
            if (!name.empty()) {
                draft.tags.push_back(
                    literal(std::string(name) + (value.empty() ? "" : ":" + std::string(value))));
            }
        }
    }

    void tell_of_lists() {
        tell_of("notificationList", "notifications",
                "are not sent: channels and rules are not built yet",
                "keep Uptime Kuma for them until then");
        tell_of("maintenanceList", "maintenance windows", "are left out",
                "write them by hand under maintenance");
    }

    void tell_of(std::string_view key, std::string what, std::string why, std::string remedy) {
        auto const* list = root_.find(key);
        if (list == nullptr || list->begin() == list->end()) {
            return;
        }
        assembly_.note({Weight::partly,
                        {file_, root_.line_of(key), ""},
                        std::move(what),
                        std::move(why),
                        std::move(remedy)});
    }

    std::string const& file_;
    SourceMap const& root_;
    Assembly assembly_;
    std::map<std::string_view, SourceMap const*> groups_;  ///< By id.
};

}  // namespace

config::Checked<Imported> import_kuma_tree(config::YamlTree const& tree, std::string const& file) {
    SourceMap const root(tree.root());
    auto const* monitors = root.find("monitorList");
    if (monitors == nullptr ||
        (monitors->kind() != NodeKind::list && monitors->kind() != NodeKind::map)) {
        return tl::unexpected(std::vector<config::Mistake>{
            {file, root.node().line(), root.node().column(),
             "no backup of Uptime Kuma: it has no list 'monitorList'"}});
    }
    auto imported = KumaReader(file, root).read(*monitors);
    if (!imported) {
        return tl::unexpected(std::vector<config::Mistake>{{file, 0, 0, imported.error().message}});
    }
    return *std::move(imported);
}

config::Checked<Imported> import_kuma(std::string_view text, std::string const& file) {
    auto const tree = config::read_foreign_yaml(without_surrogates(text), file);
    if (!tree) {
        return tl::unexpected(tree.error());
    }
    return import_kuma_tree(*tree, file);
}

}  // namespace muster::importing
