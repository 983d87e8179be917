#pragma once

#include <string>
#include <string_view>

#include <muster/importing/draft.hpp>

namespace muster::importing {

/// A word that a probe cannot do without, and what takes its place; used for the remedy of notes.
inline constexpr char const* kCheckByHand = "check it in another way, or do without";

/// Adds a header, or loses it where checks cannot send it.
void add_header(Draft& draft, HttpDraft& http, std::string_view name, std::string_view value);

/// Sets the method, in whatever case. False: checks do not send it, and the draft is left out.
[[nodiscard]] bool set_method(Draft& draft, HttpDraft& http, std::string_view method);

/// Sets the body, which goes with POST only.
void set_body(Draft& draft, HttpDraft& http, std::string body);

/// The body must hold the text, or be what the expression finds. Loses the test, which the source
/// words as `what`, where the two places for such tests are taken.
void expect_text(Draft& draft, HttpDraft& http, std::string const& text, std::string const& what);
void expect_match(Draft& draft, HttpDraft& http, std::string const& expression,
                  std::string const& what);

/// A user or password as a URL spells it (RFC 3986 section 2.1).
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// `host:port`; an IPv6 address gets its brackets.
[[nodiscard]] std::string endpoint_text(std::string_view host, std::string_view port);

}  // namespace muster::importing
