#pragma once

#include <optional>
#include <string>

#include <muster/domain/url.hpp>

namespace muster {

/// A URL as it is shown where it may be sent back: to_text() with kSecretMask in place of user and
/// password.
[[nodiscard]] std::string masked_text(Url const& url);

/// Whether the user, the password or a secret parameter of a URL is kSecretMask.
[[nodiscard]] bool has_mask(Url const& url);

/// A URL with what `known` has in place of each kSecretMask: user and password, and of a parameter
/// the value of the one of the same name (of several, at the same place among them). Nothing: there
/// is no telling what a mask stands for. Whether the URLs lead to the same host is not looked at.
[[nodiscard]] std::optional<Url> unmasked(Url url, Url const& known);

/// The whole URL, secrets included, as parse_url() reads it. For no eyes.
[[nodiscard]] std::string secret_text(Url const& url);

}  // namespace muster
