#include <muster/importing/blackbox_module.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include <muster/base/utf8.hpp>
#include <muster/importing/length_of_time.hpp>
#include <muster/importing/request_parts.hpp>
#include <muster/importing/status_codes.hpp>

namespace muster::importing {
namespace {

constexpr std::uint32_t kRedirects = 10;

class ModuleReader {
public:
    explicit ModuleReader(BlackboxModule& made) : made_(made), draft_(made.pattern) {}

    void read(SourceMap const& module) {
        auto const prober = module.text("prober");
        if (auto const* timeout = module.find("timeout")) {
            made_.timeout = length_of_time(timeout->text());
            if (!made_.timeout) {
                draft_.lose("timeout", "is no length of time: that of the scrape stands", "");
            }
        }
        if (prober == "http") {
            read_http(module.map("http"));
        } else if (prober == "tcp") {
            read_tcp(module.map("tcp"));
        } else {
            draft_.leave_out("prober " + clean_text(prober, 40),
                             "Muster has no check of this kind yet", kCheckByHand);
        }
    }

private:
    void read_http(SourceMap const& section) {
        HttpDraft http;
        if (!set_method(draft_, http, section.text("method"))) {
            return;
        }
        bool const follows = section.flag("follow_redirects").value_or(true) &&
                             !section.is_on("no_follow_redirects");
        http.redirects = follows ? kRedirects : 0;
        made_.fails_with_tls = section.is_on("fail_if_ssl");
        made_.fails_without_tls = section.is_on("fail_if_not_ssl");
        read_status(section, http);
        for (auto const& header : section.map("headers").fields()) {
            add_header(draft_, http, header.key, as_literal(header.value.text()));
        }
        read_more_headers(section.map("http_headers"), http);
        read_login(section, http);
        set_body(draft_, http, as_literal(section.text("body")));
        read_tls(section.map("tls_config"), http);
        http.ip = family(section);
        if (auto const* patterns = section.find("fail_if_body_not_matches_regexp")) {
            for (auto const pattern : items_of(*patterns)) {
                expect_pattern(http, pattern.text());
            }
        }
        lose_the_rest(section);
        draft_.probe = std::move(http);
    }

    void read_status(SourceMap const& section, HttpDraft& http) {
        auto const* given = section.find("valid_status_codes");
        if (given == nullptr) {
            return;
        }
        StatusCodes valid;
        for (auto const item : items_of(*given)) {
            auto const code = whole_number(item.text());
            if (code && *code >= StatusCodes::kLeast && *code <= StatusCodes::kMost) {
                valid |= StatusCodes::between(*code, *code);
            } else {
                draft_.lose("valid_status_codes " + clean_text(item.text(), 40),
                            "is left out: it is no code from 100 to 599", "");
            }
        }
        http.status = valid.ranges();
    }

    /// Text that is found in the body where it has no special characters, else an expression.
    void expect_pattern(HttpDraft& http, std::string_view pattern) {
        constexpr std::string_view kSpecial = R"(\.+*?()|[]{}^$)";
        auto const what = "fail_if_body_not_matches_regexp " + clean_text(pattern, 60);
        if (pattern.find_first_of(kSpecial) == std::string_view::npos && http.contains.empty()) {
            expect_text(draft_, http, std::string(pattern), what);
        } else {
            expect_match(draft_, http, as_literal(pattern), what);
        }
    }

    void read_more_headers(SourceMap const& headers, HttpDraft& http) {
        for (auto const& header : headers.fields()) {
            SourceMap const from(header.value);
            bool first = true;
            for (auto const key : {"values", "secrets"}) {
                auto const* values = from.find(key);
                if (values == nullptr) {
                    continue;
                }
                for (auto const value : items_of(*values)) {
                    if (std::exchange(first, false)) {
                        add_header(draft_, http, header.key, as_literal(value.text()));
                    } else {
                        draft_.lose("header " + clean_text(header.key, 60),
                                    "has several values: the first one is sent", "");
                    }
                }
            }
            if (from.has("files")) {
                lose_file("http_headers." + clean_text(header.key, 60) + ".files");
            }
        }
    }

    void read_login(SourceMap const& section, HttpDraft& http) {
        auto const basic = section.map("basic_auth");
        if (basic.has("username") || basic.has("password")) {
            http.login = Login{percent_encoded(basic.text("username")),
                               percent_encoded(basic.text("password"))};
        }
        for (auto const key : {"username_file", "password_file"}) {
            if (basic.has(key)) {
                lose_file(std::string("basic_auth.") + key);
            }
        }
        if (auto const token = section.text("bearer_token"); !token.empty()) {
            add_header(draft_, http, "Authorization", "Bearer " + as_literal(token));
        }
        auto const authorization = section.map("authorization");
        if (auto const credentials = authorization.text("credentials"); !credentials.empty()) {
            auto const type = authorization.text("type");
            add_header(draft_, http, "Authorization",
                       std::string(type.empty() ? "Bearer" : type) + " " + as_literal(credentials));
        }
        if (authorization.has("credentials_file")) {
            lose_file("authorization.credentials_file");
        }
        if (section.has("bearer_token_file")) {
            lose_file("bearer_token_file");
        }
    }

    void lose_file(std::string const& what) {
        draft_.lose(what, "is left out: secrets come from variables, not from files",
                    "put it into a variable and write ${NAME} where it belongs");
    }

    void read_tls(SourceMap const& tls, HttpDraft& http) {
        http.verify = !tls.is_on("insecure_skip_verify");
        http.ca_file = as_literal(tls.text("ca_file"));
        http.server_name = as_literal(tls.text("server_name"));
        for (auto const key : {"cert_file", "key_file", "cert", "key"}) {
            if (tls.has(key)) {
                draft_.lose(std::string("tls_config.") + key,
                            "is left out: checks show no certificate of their own", kCheckByHand);
            }
        }
        if (tls.has("ca")) {
            draft_.lose("tls_config.ca", "is left out: our files name a file of authorities",
                        "put it into a file and name that under tls.ca");
        }
        for (auto const key : {"min_version", "max_version"}) {
            if (tls.has(key)) {
                draft_.lose(std::string("tls_config.") + key,
                            "is left out: a check takes any version that is safe", "");
            }
        }
    }

    [[nodiscard]] static IpFamily family(SourceMap const& section) {
        auto const preferred = section.text("preferred_ip_protocol");
        bool const only = section.flag("ip_protocol_fallback") == false;
        if (!only) {
            return IpFamily::any;
        }
        return preferred == "ip4" ? IpFamily::v4 : IpFamily::v6;  // ip6 where none is named
    }

    void lose_the_rest(SourceMap const& section) {
        struct Lost {
            std::string_view key;
            char const* why;
        };
        constexpr char const* kNoNegation =
            "is left out: a check says what an answer holds, not what it must not hold";
        constexpr char const* kNoHeaders = "is left out: headers of an answer are not looked at";
        constexpr char const* kNoExpression = "is left out: CEL is not spoken";
        constexpr char const* kDirect = "is left out: checks go directly";
        constexpr std::array<Lost, 14> kLost{{
            {"fail_if_body_matches_regexp", kNoNegation},
            {"fail_if_header_matches", kNoHeaders},
            {"fail_if_header_not_matches", kNoHeaders},
            {"fail_if_body_json_matches_cel", kNoExpression},
            {"fail_if_body_json_not_matches_cel", kNoExpression},
            {"proxy_url", kDirect},
            {"proxy_from_environment", kDirect},
            {"proxy_connect_header", kDirect},
            {"oauth2", "is left out: checks do not log in so"},
            {"body_file", "is left out: bodies stand in the configuration"},
            {"valid_http_versions", "is left out: checks speak HTTP/1.1"},
            {"enable_http3", "is left out: checks speak HTTP/1.1"},
            {"body_size_limit", "is left out: checks have a limit of their own"},
            {"compression", "is left out: answers are read as they come"},
        }};
        for (auto const& lost : kLost) {
            if (section.has(lost.key)) {
                draft_.lose(std::string(lost.key), lost.why, kCheckByHand);
            }
        }
    }

    void read_tcp(SourceMap const& section) {
        TcpDraft tcp;
        tcp.ip = family(section);
        for (auto const key : {"query_response", "tls", "source_ip_address"}) {
            auto const* given = section.find(key);
            if (given != nullptr && truth_of(given->text()) != false) {
                draft_.lose(std::string("tcp.") + key, "is left out: a TCP check connects only",
                            kCheckByHand);
            }
        }
        draft_.probe = std::move(tcp);
    }

    BlackboxModule& made_;
    Draft& draft_;
};

}  // namespace

BlackboxModule read_blackbox_module(SourceMap const& module, Origin origin) {
    BlackboxModule made;
    made.pattern.origin = std::move(origin);
    ModuleReader(made).read(module);
    return made;
}

}  // namespace muster::importing
