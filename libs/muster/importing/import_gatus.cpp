// Endpoints become services of a project that is named like their group. What Gatus has that a
// check of ours has not is told where it stands; the formats are those of Gatus 5.

#include <muster/importing/import_gatus.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include <muster/base/ascii.hpp>
#include <muster/base/utf8.hpp>
#include <muster/config/document.hpp>
#include <muster/config/yaml_reader.hpp>
#include <muster/importing/assembly.hpp>
#include <muster/importing/gatus_condition.hpp>
#include <muster/importing/gatus_text.hpp>
#include <muster/importing/gatus_windows.hpp>
#include <muster/importing/length_of_time.hpp>
#include <muster/importing/request_parts.hpp>
#include <muster/importing/source_map.hpp>

namespace muster::importing {
namespace {

constexpr Millis kGatusInterval{60'000};  ///< Gatus's own defaults.
constexpr Millis kGatusTimeout{10'000};
constexpr double kFailureThreshold = 3;
constexpr double kSuccessThreshold = 2;
constexpr std::uint32_t kGatusRedirects = 10;
constexpr std::size_t kGatusMaxText = 1000;

constexpr char const* kNotBuilt = "Muster has no check of this kind yet";

/// Sections that are about Gatus itself, or hold nothing by themselves.
constexpr std::array<std::string_view, 15> kAboutGatus{"storage",
                                                       "web",
                                                       "ui",
                                                       "metrics",
                                                       "debug",
                                                       "security",
                                                       "connectivity",
                                                       "skip-invalid-config-update",
                                                       "concurrency",
                                                       "announcements",
                                                       "disable-monitoring-lock",
                                                       "tunneling",
                                                       "endpoints",
                                                       "maintenance",
                                                       "alerting"};

std::string name_or_place(SourceMap const& entry) {
    auto const name = entry.text("name");
    return name.empty() ? "an entry without a name" : clean_text(name, kGatusMaxText);
}

/// Reads the endpoints of one file.
class GatusReader {
public:
    GatusReader(std::string const& file, SourceMap const& root,
                config::Environment const& environment)
        : file_(file), root_(root), texts_(environment), assembly_({file, "gatus", environment}) {}

    Result<Imported> read() {
        read_others();
        if (auto const* endpoints = root_.find("endpoints")) {
            for (auto const entry : *endpoints) {
                assembly_.add(endpoint(SourceMap(entry)));
            }
        }
        leave_out_all(
            "external-endpoints", "results are pushed to it",
            "heartbeats are not built yet: keep Gatus for it, or probe the service itself");
        leave_out_all("suites", "it is a sequence of requests",
                      "make a service of each request that stands by itself");
        tell_of_alerts();
        tell_of_variables();
        return assembly_.finish();
    }

private:
    [[nodiscard]] Origin origin_of(SourceMap const& entry) const {
        auto const group = entry.text("group");
        auto name = name_or_place(entry);
        return {file_, entry.node().line(),
                group.empty() ? std::move(name) : clean_text(group, kGatusMaxText) + "/" + name};
    }

    [[nodiscard]] Draft draft_of(SourceMap const& entry) const {
        Draft draft;
        draft.origin = origin_of(entry);
        draft.project = clean_text(texts_.filled_in(entry.text("group")), kGatusMaxText);
        draft.name = clean_text(texts_.filled_in(entry.text("name")), kGatusMaxText);
        return draft;
    }

    Draft endpoint(SourceMap const& entry) {
        auto draft = draft_of(entry);
        if (entry.node().kind() != NodeKind::map) {
            draft.leave_out("", "is no endpoint: it wants keys with values", "");
            return draft;
        }
        if (entry.flag("enabled") == false) {
            draft.leave_out("enabled: false", "it is switched off there, and services cannot be",
                            "take it in by hand when it is wanted");
            return draft;
        }
        read_target(entry, draft);
        if (draft.is_missing()) {
            return draft;
        }
        read_client(entry.map("client"), draft);
        read_conditions(entry, draft);
        read_times(entry, draft);
        read_alerts(entry, draft);
        read_windows(entry, draft);
        read_labels(entry, draft);
        tell_unknown(entry, draft);
        return draft;
    }

    void read_target(SourceMap const& entry, Draft& draft) {
        auto const raw = trimmed(entry.text("url"));
        auto const known = texts_.filled_in(raw);
        auto const scheme = known.substr(0, std::min(known.find("://"), known.size()));
        // Variables stay variables but for those that say what kind of check it is.
        bool const says_scheme = raw.substr(0, scheme.size() + 3) == scheme + "://";
        auto const spelled = says_scheme ? std::string(raw) : known;
        auto const rest = spelled.substr(std::min(scheme.size() + 3, spelled.size()));
        if (entry.has("dns")) {
            draft.leave_out("dns", kNotBuilt, kCheckByHand);
        } else if (raw.empty()) {
            draft.leave_out("url", "is missing", "");
        } else if (scheme == "http" || scheme == "https") {
            read_request(entry, spelled, draft);
        } else if (scheme == "tcp") {
            draft.probe = TcpDraft{address(rest, ""), IpFamily::any};
            if (entry.has("body")) {
                draft.lose("body", "is not sent: a TCP check connects only", kCheckByHand);
            }
        } else if (scheme == "tls" || scheme == "starttls" || scheme == "ssh") {
            draft.probe = TcpDraft{address(rest, scheme == "ssh" ? "22" : ""), IpFamily::any};
            draft.lose(scheme + "://",
                       "is a TCP check here: that the port answers is checked, but "
                       "nothing that comes after",
                       scheme == "tls" ? "where a web server answers, check its https:// URL"
                                       : kCheckByHand);
        } else if (scheme.substr(0, 2) == "${") {
            draft.leave_out("url " + std::string(raw),
                            "what kind of check it is depends on a variable that is not set",
                            "set it and import again");
        } else {
            draft.leave_out(scheme + "://", kNotBuilt, kCheckByHand);
        }
    }

    /// `host:port` of what follows the scheme.
    [[nodiscard]] std::string address(std::string_view rest, std::string_view port) {
        auto const end = rest.find_first_of("/?#");
        auto text = std::string(rest.substr(0, end));
        auto const bracket = text.rfind(']');
        bool const has_port =
            text.find(':', bracket == std::string::npos ? 0 : bracket) != std::string::npos;
        return has_port || port.empty() ? texts_.ours(text)
                                        : texts_.ours(text) + ":" + std::string(port);
    }

    void read_request(SourceMap const& entry, std::string_view url, Draft& draft) {
        HttpDraft http;
        http.url = texts_.ours(url);
        http.redirects = kGatusRedirects;
        if (!set_method(draft, http, entry.text("method"))) {
            return;
        }
        for (auto const& header : entry.map("headers").fields()) {
            add_header(draft, http, header.key, texts_.ours(header.value.text()));
        }
        auto body = texts_.ours(entry.text("body"));
        if (entry.is_on("graphql")) {
            body = config::to_json(config::Document::Map{{"query", body}});
            bool const has_type =
                std::any_of(http.headers.begin(), http.headers.end(), [](HttpHeader const& header) {
                    return in_lower_case(header.name) == "content-type";
                });
            if (!has_type) {
                add_header(draft, http, "Content-Type", "application/json");
            }
        }
        set_body(draft, http, std::move(body));
        draft.probe = std::move(http);
    }

    static void read_client(SourceMap const& client, Draft& draft) {
        constexpr std::array<std::string_view, 6> kLost{
            "proxy-url", "dns-resolver", "oauth2", "identity-aware-proxy", "tls", "tunnel"};
        for (auto const key : kLost) {
            if (client.has(key)) {
                draft.lose("client." + std::string(key),
                           "is left out: checks go directly, by the "
                           "machine's own resolver, without "
                           "certificates and logins of their own",
                           kCheckByHand);
            }
        }
        auto* const http = std::get_if<HttpDraft>(&draft.probe);
        if (http != nullptr) {
            http->verify = !client.is_on("insecure");
            http->redirects = client.is_on("ignore-redirect") ? 0 : kGatusRedirects;
        }
        auto const network = client.text("network");
        if (network == "ip4" || network == "ip6" || network == "tcp4" || network == "tcp6") {
            auto const family = network.back() == '4' ? IpFamily::v4 : IpFamily::v6;
            std::visit([family](auto& probe) { probe.ip = family; }, draft.probe);
        }
    }

    void read_conditions(SourceMap const& entry, Draft& draft) {
        GatusConditions conditions(draft);
        if (auto const* list = entry.find("conditions")) {
            for (auto const condition : items_of(*list)) {
                conditions.take(texts_.ours(condition.text()));
            }
        }
        conditions.finish();
        auto const timeout = time_of(entry.map("client"), "timeout", draft).value_or(kGatusTimeout);
        set_timeout(draft, std::min(timeout, conditions.slowest().value_or(timeout)));
    }

    void read_times(SourceMap const& entry, Draft& draft) {
        set_interval(draft, time_of(entry, "interval", draft).value_or(kGatusInterval));
    }

    /// Nothing: it is not given, or cannot be read, which is told.
    std::optional<Millis> time_of(SourceMap const& from, std::string_view key, Draft& draft) {
        auto const* value = from.find(key);
        if (value == nullptr) {
            return std::nullopt;
        }
        auto const time = length_of_time(texts_.filled_in(value->text()));
        if (!time || *time <= Millis(0)) {
            draft.lose(std::string(key) + " '" + clean_text(value->text(), 60) + "'",
                       "is no length of time: Gatus's default stands here", "set it by hand");
            return std::nullopt;
        }
        return time;
    }

    /// Alerts say after how many failures an endpoint counts as down; without any, one is enough.
    void read_alerts(SourceMap const& entry, Draft& draft) {
        std::optional<double> failures;
        double successes = 1;
        if (auto const* alerts = entry.find("alerts"); alerts != nullptr) {
            for (auto const one : *alerts) {
                SourceMap const alert(one);
                if (alert.flag("enabled") == false) {
                    continue;
                }
                auto const threshold = threshold_of(alert, "failure-threshold", kFailureThreshold);
                if (!failures || threshold < *failures) {
                    failures = threshold;
                    successes = threshold_of(alert, "success-threshold", kSuccessThreshold);
                }
            }
        }
        alerting_ += failures ? 1 : 0;
        set_retries(draft, failures.value_or(1) - 1);
        constexpr double kMostSuccesses = 1000;
        draft.success_threshold =
            static_cast<std::uint32_t>(std::clamp(successes, 1.0, kMostSuccesses));
    }

    /// Of the alert itself, of its provider's default alert, or Gatus's.
    [[nodiscard]] double threshold_of(SourceMap const& alert, std::string_view key,
                                      double otherwise) const {
        auto const by_default = root_.map("alerting").map(alert.text("type")).map("default-alert");
        for (auto const* from : {&alert, &by_default}) {
            auto const number = number_of(from->text(key));
            if (number && *number >= 1) {
                return *number;
            }
        }
        return otherwise;
    }

    void read_windows(SourceMap const& entry, Draft& draft) {
        if (auto const* windows = entry.find("maintenance-windows")) {
            for (auto const one : *windows) {
                auto const weekly = gatus_windows(SourceMap(one));
                if (weekly) {
                    draft.maintenance.insert(draft.maintenance.end(), weekly->begin(),
                                             weekly->end());
                } else {
                    draft.lose("maintenance-windows", "has one that cannot be read: it is left out",
                               "write it by hand under maintenance");
                }
            }
        }
    }

    void read_labels(SourceMap const& entry, Draft& draft) {
        for (auto const& label : entry.map("extra-labels").fields()) {
            draft.metadata.emplace(clean_text(label.key, kGatusMaxText),
                                   clean_text(texts_.ours(label.value.text()), kGatusMaxText));
        }
    }

    static void tell_unknown(SourceMap const& entry, Draft& draft) {
        constexpr std::array<std::string_view, 16> kKnown{
            "enabled", "name",         "group",    "url",        "method", "body",
            "graphql", "headers",      "interval", "conditions", "alerts", "maintenance-windows",
            "dns",     "extra-labels", "client",   "ssh"};
        for (auto const& field : entry.fields()) {
            if (field.key == "ui") {
                draft.tell("ui", "is left out: it is about the page only");
            } else if (std::find(kKnown.begin(), kKnown.end(), field.key) == kKnown.end()) {
                draft.lose(std::string(field.key), "is left out: it is not known here",
                           "look up what it does");
            }
        }
        if (entry.has("ssh")) {
            draft.lose("ssh", "is left out: nobody logs in to check", kCheckByHand);
        }
    }

    void leave_out_all(std::string_view key, std::string const& why, std::string const& remedy) {
        if (auto const* list = root_.find(key)) {
            for (auto const entry : *list) {
                auto draft = draft_of(SourceMap(entry));
                draft.leave_out(std::string(key), why, remedy);
                assembly_.add(std::move(draft));
            }
        }
    }

    void note(Weight weight, int line, std::string_view what, std::string why,
              std::string remedy = "") {
        assembly_.note(
            {weight, {file_, line, ""}, std::string(what), std::move(why), std::move(remedy)});
    }

    void read_others() {
        for (auto const& field : root_.fields()) {
            auto const key = field.key;
            if (key == "remote") {
                note(Weight::partly, field.line, key,
                     "is left out: endpoints of other instances are not shown here",
                     "import their configurations too");
            } else if (std::find(kAboutGatus.begin(), kAboutGatus.end(), key) ==
                           kAboutGatus.end() &&
                       key != "external-endpoints" && key != "suites") {
                note(Weight::told, field.line, key, "is passed over: it is no section of Gatus");
            } else if (key != "endpoints" && key != "maintenance" && key != "alerting" &&
                       key != "external-endpoints" && key != "suites") {
                note(Weight::told, field.line, key, "is left out: it is about Gatus itself");
            }
        }
        if (auto const* maintenance = root_.find("maintenance")) {
            auto const windows = gatus_windows(SourceMap(*maintenance));
            if (!windows) {
                note(Weight::partly, root_.line_of("maintenance"), "maintenance",
                     "is left out: it cannot be read", "write it by hand under maintenance");
                return;
            }
            for (auto const& window : *windows) {
                assembly_.add_window(window);
            }
        }
    }

    void tell_of_alerts() {
        auto const* alerting = root_.find("alerting");
        if (alerting != nullptr || alerting_ > 0) {
            note(Weight::partly, root_.line_of("alerting"), "alerts",
                 "of " + std::to_string(alerting_) +
                     " endpoints are not sent: channels and rules are not built yet; how many "
                     "failures they wait for was carried over",
                 "keep Gatus for them until then");
        }
    }

    void tell_of_variables() {
        for (auto const& name : texts_.renamed()) {
            note(Weight::told, 0, "variable " + name,
                 "is IMPORTED_" + name + " here: Muster reads " + name + " for itself");
        }
        if (texts_.dropped_dollar()) {
            note(Weight::partly, 0, "a dollar right before a variable",
                 "is dropped: our files cannot say that", "put both into one variable");
        }
    }

    std::string const& file_;
    SourceMap const& root_;
    GatusTexts texts_;
    Assembly assembly_;
    int alerting_{0};  ///< Endpoints that have alerts.
};

}  // namespace

config::Checked<Imported> import_gatus(std::string_view text, std::string const& file,
                                       config::Environment const& environment) {
    auto const tree = config::read_foreign_yaml(text, file);
    if (!tree) {
        return tl::unexpected(tree.error());
    }
    SourceMap const root(tree->root());
    if (!root.has("endpoints") && !root.has("external-endpoints") && !root.has("suites")) {
        return tl::unexpected(
            std::vector<config::Mistake>{{file, root.node().line(), root.node().column(),
                                          "no configuration of Gatus: it has no 'endpoints'"}});
    }
    auto imported = GatusReader(file, root, environment).read();
    if (!imported) {
        return tl::unexpected(std::vector<config::Mistake>{{file, 0, 0, imported.error().message}});
    }
    return *std::move(imported);
}

}  // namespace muster::importing
