#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <muster/base/time.hpp>
#include <muster/domain/http_expectation.hpp>
#include <muster/domain/maintenance.hpp>
#include <muster/domain/probe_spec.hpp>
#include <muster/domain/service.hpp>
#include <muster/importing/imported.hpp>

namespace muster::importing {

// Texts of drafts are spelled as in a file of ours: `${NAME}` is filled in, `$${` is `${`.

/// A text in which nothing is to be filled in.
[[nodiscard]] std::string as_literal(std::string_view text);

/// A user and a password as URLs spell them (RFC 3986 section 2.1). The password is secret.
struct Login {
    std::string user;
    std::string password;
};

struct HttpDraft {
    std::string url;  ///< May hold a login and secret parameters.
    std::optional<Login> login;
    HttpMethod method{HttpMethod::get};
    std::vector<HttpHeader> headers;
    std::string body;
    std::vector<StatusRange> status;  ///< Empty: 200-299.
    std::string contains;
    std::string matches;
    std::vector<JsonCondition> json;
    bool verify{true};
    std::string ca_file;
    std::string server_name;
    std::uint32_t redirects{0};
    IpFamily ip{IpFamily::any};
};

struct TcpDraft {
    std::string endpoint;  ///< `host:port`
    IpFamily ip{IpFamily::any};
};

/// One entry of a source on its way to a service.
struct Draft {
    Origin origin;
    std::string project;  ///< Group, parent or job; empty: none.
    std::string name;     ///< As the source spells it.
    ServiceType type{ServiceType::other};
    std::variant<HttpDraft, TcpDraft> probe;
    std::optional<Millis> interval;
    std::optional<Millis> timeout;
    std::optional<std::uint32_t> retries;
    std::optional<std::uint32_t> success_threshold;
    std::string group;
    std::vector<std::string> tags;
    std::map<std::string, std::string> metadata;
    std::vector<WeeklyWindow> maintenance;

    std::vector<Note> notes;
    Weight outcome{Weight::told};  ///< `told`: carried over whole.

    /// Something to know; nothing is lost.
    void tell(std::string what, std::string why, std::string remedy = "");
    /// Something of it is lost.
    void lose(std::string what, std::string why, std::string remedy);
    /// All of it is lost.
    void leave_out(std::string what, std::string why, std::string remedy);

    [[nodiscard]] bool is_missing() const noexcept { return outcome == Weight::missing; }
};

/// Sets interval and timeout, held to what Muster takes; what is changed is told.
void set_interval(Draft& draft, Millis interval);
void set_timeout(Draft& draft, Millis timeout);
void set_retries(Draft& draft, double retries);

}  // namespace muster::importing
