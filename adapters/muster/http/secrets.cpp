#include <muster/http/secrets.hpp>

#include <algorithm>
#include <string_view>

#include <muster/base/ascii.hpp>
#include <muster/base/utf8.hpp>
#include <muster/domain/secret_names.hpp>
#include <muster/http/header_fields.hpp>
#include <muster/http/redirect.hpp>
#include <muster/http/request_text.hpp>

namespace muster {
namespace {

constexpr std::string_view kHidden = "***";
constexpr std::size_t kMaxBodyShown = 1024;  ///< More than a message quotes.
constexpr std::size_t kShortestPart = 8;     ///< Of a value's parts: `Bearer` is none.

bool shows(HttpHeader const& header) noexcept {
    return is_plain_header(header.name) || equal_ignoring_case(header.name, "host");
}

}  // namespace

Secrets::Secrets(HttpProbeSpec const& spec) {
    add_url(spec.url);
    for (auto const& url : spec.more_urls) {
        add_url(url);
    }
    for (auto const& header : spec.headers) {
        if (shows(header)) {
            continue;
        }
        add(header.value);
        // `Bearer x`, `id=x; other=y`: the parts on their own.
        for (std::string_view rest = header.value; !rest.empty();) {
            auto const end = std::min(rest.find_first_of(" ;,=\""), rest.size());
            if (end >= kShortestPart) {
                add(rest.substr(0, end));
            }
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    add(spec.body);
    add(clean_text(spec.body, kMaxBodyShown));  // as messages quote it
    put_in_order();
}

Secrets::Secrets(Url const& url) {
    add_url(url);
    put_in_order();
}

void Secrets::put_in_order() {
    std::sort(secrets_.begin(), secrets_.end(), [](auto const& left, auto const& right) {
        return left.size() != right.size() ? left.size() > right.size() : left < right;
    });
    secrets_.erase(std::unique(secrets_.begin(), secrets_.end()), secrets_.end());
}

void Secrets::add(std::string_view secret) {
    if (secret.size() >= kShortest) {
        secrets_.emplace_back(secret);
    }
}

void Secrets::add_url(Url const& url) {
    if (!url.user_info.empty()) {
        auto const decoded = percent_decoded(url.user_info);
        add(url.user_info);
        add(decoded);
        add(base64(decoded));
        add(std::string_view(decoded).substr(std::min(decoded.find(':'), decoded.size() - 1) + 1));
    }
    auto rest = std::string_view(url.target);
    rest.remove_prefix(std::min(rest.find('?'), rest.size()));
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

void Secrets::hide_in(std::string& text) const {
    if (text.empty()) {
        return;
    }
    for (auto const& secret : secrets_) {
        for (auto at = text.find(secret); at != std::string::npos;
             at = text.find(secret, at + kHidden.size())) {
            text.replace(at, secret.size(), kHidden);
        }
    }
    for (auto const& secret : secrets_) {
        for (auto size = std::min(secret.size() - 1, text.size()); size >= kShortest; --size) {
            if (text.ends_with(std::string_view(secret).substr(0, size))) {
                text.replace(text.size() - size, size, kHidden);
                break;
            }
        }
    }
}

}  // namespace muster
