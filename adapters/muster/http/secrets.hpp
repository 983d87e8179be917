#pragma once

#include <string>
#include <vector>

#include <muster/domain/probe_spec.hpp>

namespace muster {

/// What a probe sends and nobody may read again: user info of its URLs, values of headers but the
/// plain ones, query parameters that names_a_secret(), the body as a whole. A target can echo all
/// of it, so what is told of an answer is cleaned of it. Secrets shorter than four bytes cannot be
/// told from other text and are left.
class Secrets {
public:
    static constexpr std::size_t kShortest = 4;

    explicit Secrets(HttpProbeSpec const& spec);
    /// Of a request that has none but its URL's.
    explicit Secrets(Url const& url);

    /// Puts `***` in the place of each secret in `text`, and of the start of one that the text's
    /// end cuts off.
    void hide_in(std::string& text) const;

private:
    void add(std::string_view secret);
    void add_url(Url const& url);
    void put_in_order();

    std::vector<std::string> secrets_;  ///< Longest first: one may hold another.
};

}  // namespace muster
