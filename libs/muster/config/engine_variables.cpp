#include <muster/config/engine_variables.hpp>

#include <charconv>
#include <utility>

#include <muster/base/utf8.hpp>
#include <muster/domain/secret_names.hpp>

namespace muster::config {
namespace {

constexpr std::size_t kShownOfVariable = 60;

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port != 0;
}

}  // namespace

std::string const* EngineVariables::get(std::string_view name) const {
    auto const found = environment_.find(name);
    return found == environment_.end() || found->second.empty() ? nullptr : &found->second;
}

std::optional<std::string> EngineVariables::endpoint(std::string const& host,
                                                     std::string_view port_name,
                                                     std::uint16_t default_port) {
    auto const* port = get(port_name);
    if (port != nullptr && !is_port(*port)) {
        refuse(port_name, "a number from 1 to 65535", *port);
        return std::nullopt;
    }
    bool const wraps = host.find(':') != std::string::npos && host.front() != '[';
    return (wraps ? "[" + host + "]" : host) + ":" +
           (port == nullptr ? std::to_string(default_port) : *port);
}

void EngineVariables::read_password(std::string_view name, std::string* password,
                                    std::string_view no_engine, std::string_view whose_url) {
    auto const* text = get(name);
    if (text == nullptr) {
        return;
    }
    if (*text == kSecretMask) {
        refuse(std::string(name) + " wants the secret itself: *** only stands for it");
    } else if (password == nullptr) {
        warn_of({name}, no_engine);
    } else if (password->empty()) {
        *password = *text;
    } else if (*password != *text) {
        warn_of({name},
                "not used: the URL of " + std::string(whose_url) + " has a password of its own");
    }
}

void EngineVariables::warn_of(std::initializer_list<std::string_view> names,
                              std::string_view what) {
    std::string set;
    for (auto const name : names) {
        if (get(name) != nullptr) {
            set += (set.empty() ? "" : ", ") + std::string(name);
        }
    }
    if (!set.empty()) {
        out_.warnings.push_back(set + ": " + std::string(what));
    }
}

void EngineVariables::refuse(std::string message) {
    mistakes_.push_back({"", 0, 0, std::move(message)});
}

void EngineVariables::refuse(std::string_view name, std::string_view wanted,
                             std::string_view text) {
    refuse(std::string(name) + " wants " + std::string(wanted) + ", not '" +
           clean_text(text, kShownOfVariable) + "'");
}

}  // namespace muster::config
