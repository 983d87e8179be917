#include <muster/config/environment.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

#include <muster/base/utf8.hpp>
#include <muster/config/project_list.hpp>
#include <muster/config/read_database.hpp>
#include <muster/config/read_redis.hpp>
#include <muster/config/values.hpp>
#include <muster/domain/names.hpp>
#include <muster/domain/secret_names.hpp>

namespace muster::config {
namespace {

constexpr std::size_t kShownBytes = 60;

/// Null: not set, or empty.
std::string const* variable(Environment const& environment, std::string_view name) {
    auto const found = environment.find(name);
    return found == environment.end() || found->second.empty() ? nullptr : &found->second;
}

std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t port = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return port;
}

class EnvironmentReader {
public:
    EnvironmentReader(Environment const& environment, Configuration& out)
        : environment_(environment), out_(out) {}

    std::vector<Mistake> read() {
        read_port();
        read_projects();
        apply_database_environment(environment_, out_, mistakes_);
        apply_redis_environment(environment_, out_, mistakes_);
        read_logging();
        read_hub();
        return std::move(mistakes_);
    }

private:
    void read_port() {
        auto const* text = variable(environment_, "PORT");
        if (text == nullptr) {
            return;
        }
        if (auto const port = port_of(*text)) {
            set_port(out_, *port);
        } else {
            refuse("PORT", "a number from 0 to 65535", *text);
        }
    }

    void read_projects() {
        auto const* text = variable(environment_, "PROJECTS");
        if (text == nullptr) {
            return;
        }
        auto projects = parse_project_list(*text, out_.defaults);
        if (projects) {
            out_.projects = *std::move(projects);
        } else {
            mistakes_.insert(mistakes_.end(), projects.error().begin(), projects.error().end());
        }
    }

    void read_logging() {
        if (auto const level = word("LOG_LEVEL", log_level_words())) {
            out_.logging.level = static_cast<LogLevel>(*level);
        }
        if (auto const format = word("LOG_FORMAT", log_format_words())) {
            out_.logging.format = static_cast<LogFormat>(*format);
        }
    }

    void read_hub() {
        if (auto const* id = variable(environment_, "HUB_ID")) {
            if (is_valid_name(*id)) {
                out_.hub.id = *id;
            } else {
                refuse("HUB_ID", "a name: letters, digits, - and _, at most 100", *id);
            }
        }
        if (auto const* folder = variable(environment_, "MUSTER_DATA_DIR")) {
            out_.data_dir = *folder;
        }
        if (auto const* token = variable(environment_, "MUSTER_TOKEN")) {
            if (*token == kSecretMask) {
                mistakes_.push_back(
                    {"", 0, 0, "MUSTER_TOKEN wants the secret itself: *** only stands for it"});
            } else if (is_visible_ascii(*token)) {
                out_.token = *token;
            } else {
                mistakes_.push_back({"", 0, 0,
                                     "MUSTER_TOKEN wants visible ASCII characters without spaces, "
                                     "at most 1000"});
            }
        }
        if (auto const* url = variable(environment_, "MUSTER_URL")) {
            if (auto const parsed = parse_url(*url)) {
                out_.hub_url = *url;
            } else {
                mistakes_.push_back({"", 0, 0, "MUSTER_URL: " + parsed.error().message});
            }
        }
    }

    std::optional<std::size_t> word(std::string_view name,
                                    std::vector<std::string_view> const& words) {
        auto const* text = variable(environment_, name);
        if (text == nullptr) {
            return std::nullopt;
        }
        auto const found = std::find(words.begin(), words.end(), *text);
        if (found != words.end()) {
            return static_cast<std::size_t>(found - words.begin());
        }
        std::string wanted = "one of ";
        for (auto const& known : words) {
            wanted += (known == words.front() ? "" : ", ") + std::string(known);
        }
        refuse(name, wanted, *text);
        return std::nullopt;
    }

    void refuse(std::string_view name, std::string_view wanted, std::string_view value) {
        mistakes_.push_back({"", 0, 0,
                             std::string(name) + " wants " + std::string(wanted) + ", not '" +
                                 clean_text(value, kShownBytes) + "'"});
    }

    Environment const& environment_;
    Configuration& out_;
    std::vector<Mistake> mistakes_;
};

}  // namespace

std::vector<Mistake> apply_environment(Environment const& environment, Configuration& out) {
    return EnvironmentReader(environment, out).read();
}

std::optional<HostPort> parse_listen(std::string_view text) {
    constexpr std::string_view kAnyPort = ":0";
    if (text.size() > kAnyPort.size() && text.substr(text.size() - kAnyPort.size()) == kAnyPort) {
        // No target has port 0, so the parser of targets refuses it.
        auto endpoint = parse_host_port(std::string(text.substr(0, text.size() - 1)) + "1");
        if (!endpoint) {
            return std::nullopt;
        }
        endpoint->port = 0;
        return *std::move(endpoint);
    }
    auto endpoint = parse_host_port(text);
    return endpoint ? std::optional(*std::move(endpoint)) : std::nullopt;
}

std::vector<std::string_view> const& log_level_words() {
    static std::vector<std::string_view> const kWords{"debug", "info", "warn", "error"};
    return kWords;
}

std::vector<std::string_view> const& log_format_words() {
    static std::vector<std::string_view> const kWords{"text", "json"};
    return kWords;
}

}  // namespace muster::config
