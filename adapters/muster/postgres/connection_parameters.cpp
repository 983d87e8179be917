#include <muster/postgres/connection_parameters.hpp>

#include <algorithm>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <libpq-fe.h>

namespace muster {
namespace {

using Words = std::map<std::string, std::string>;

struct FreeOptions {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

Result<Words> words_of(std::string const& url) {
    char* why = nullptr;
    std::unique_ptr<PQconninfoOption, FreeOptions> const parsed(PQconninfoParse(url.c_str(), &why));
    std::unique_ptr<char, decltype(&PQfreemem)> const reason(why, &PQfreemem);
    if (!parsed) {
        // libpq quotes what it could not read, which may hold a password.
        return failure(Errc::invalid,
                       "the database's URL cannot be read: it wants "
                       "postgresql://user:password@host:5432/database");
    }
    Words words;
    for (auto const* option = parsed.get(); option->keyword != nullptr; ++option) {
        if (option->val != nullptr && *option->val != '\0') {
            words.emplace(option->keyword, option->val);
        }
    }
    return words;
}

/// libpq, 34.1.1.1: in single quotes, with backslashes before those and before backslashes.
std::string quoted(std::string const& value) {
    std::string text = "'";
    for (char const character : value) {
        if (character == '\'' || character == '\\') {
            text += '\\';
        }
        text += character;
    }
    return text + "'";
}

/// What the session is set to. Names of the program's tables come before the person's own.
std::string settings_of(PostgresSession const& session) {
    auto const silence = std::max<std::int64_t>(session.silence.count() / 4'000, 1);
    return fmt::format(
        "-c search_path=muster,public -c timezone=UTC -c datestyle=ISO -c client_min_messages=error"
        " -c jit=off -c statement_timeout={} -c lock_timeout={}"
        " -c idle_in_transaction_session_timeout=60000"
        " -c tcp_keepalives_idle={} -c tcp_keepalives_interval={} -c tcp_keepalives_count=2"
        " -c tcp_user_timeout={}",
        session.statement_timeout.count(), session.lock_timeout.count(), 2 * silence, silence,
        session.silence.count());
}

}  // namespace

Result<std::string> connection_parameters(std::string const& url, PostgresSession const& session) {
    auto words = words_of(url);
    if (!words) {
        return tl::unexpected(std::move(words.error()));
    }
    auto const silence = std::max<std::int64_t>(session.silence.count() / 4'000, 1);
    auto const seconds = std::max<std::int64_t>(session.connect_timeout.count() / 1'000, 2);
    words->emplace("connect_timeout", std::to_string(seconds));
    words->emplace("keepalives_idle", std::to_string(2 * silence));
    words->emplace("keepalives_interval", std::to_string(silence));
    words->emplace("keepalives_count", "2");
    words->emplace("tcp_user_timeout", std::to_string(session.silence.count()));
    words->emplace("application_name", session.name);
    if (session.writes) {
        words->emplace("target_session_attrs", "read-write");
    }
    words->insert_or_assign("client_encoding", "UTF8");
    auto& options = (*words)["options"];
    options = settings_of(session) + (options.empty() ? "" : " " + options);
    std::string text;
    for (auto const& [key, value] : *words) {
        text += (text.empty() ? "" : " ") + key + "=" + quoted(value);
    }
    return text;
}

std::string place_of(std::string const& url) {
    auto const words = words_of(url);
    if (!words) {
        return "the database";
    }
    auto const word = [&words](char const* key, char const* otherwise) {
        auto const found = words->find(key);
        return found == words->end() ? std::string(otherwise) : found->second;
    };
    auto const user = word("user", "");
    return word("host", "localhost") + ":" + word("port", "5432") + "/" +
           word("dbname", user.c_str());
}

}  // namespace muster
