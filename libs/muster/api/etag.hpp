#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <muster/api/message.hpp>
#include <muster/api/read_model.hpp>

namespace muster {

/// Whether an If-None-Match names a tag (in quotes): RFC 9110 section 13.1.2, by weak comparison.
[[nodiscard]] bool names_etag(std::string_view if_none_match, std::string_view etag) noexcept;

/// The tag of what was made from a version of the model. Weak: the envelope's timestamp differs
/// from answer to answer, what it holds does not. The hub's epoch is in it, for versions begin anew
/// with every start.
[[nodiscard]] std::string etag_of(ReadModel const& model, std::uint64_t version);

/// 304 with its tag.
[[nodiscard]] Response not_modified(std::string_view etag);

/// What `make` answers, with the tag; 304 where the client has that already, and nothing is made.
template <class Make>
[[nodiscard]] Response tagged(Request const& request, std::string const& etag, Make make) {
    if (names_etag(request.if_none_match, etag)) {
        return not_modified(etag);
    }
    Response response = make();
    if (response.status == 200) {
        response.add_header("ETag", etag);
    }
    return response;
}

}  // namespace muster
