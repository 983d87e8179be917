#include <muster/api/bearer.hpp>

#include <algorithm>
#include <cstddef>

#include <muster/api/answers.hpp>
#include <muster/base/ascii.hpp>

namespace muster {
namespace {

constexpr std::string_view kBearer = "bearer ";

/// What stands behind `Bearer `; nothing where the header is of another kind.
std::optional<std::string_view> bearer_token(std::string_view authorization) {
    bool const fits = equal_ignoring_case(authorization.substr(0, kBearer.size()), kBearer);
    return fits ? std::optional(trimmed(authorization.substr(kBearer.size()))) : std::nullopt;
}

}  // namespace

bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept {
    unsigned difference = left.size() == right.size() ? 0U : 1U;
    for (std::size_t index = 0; index < left.size(); ++index) {
        auto const other = right.empty() ? '\0' : right[index % right.size()];
        difference |= static_cast<unsigned char>(left[index]) ^ static_cast<unsigned char>(other);
    }
    return difference == 0;
}

std::optional<std::string_view> why_not_authorized(Request const& request, std::string_view token) {
    auto const given = bearer_token(request.authorization);
    if (!given) {
        return "Authorization: Bearer <MUSTER_TOKEN> is missing";
    }
    if (!equal_in_constant_time(*given, token)) {
        return "the token is wrong";
    }
    return std::nullopt;
}

Response refuse_unauthorized(std::string_view why, WallTime now) {
    auto response = refuse(401, why, now);
    add_challenge(response);
    return response;
}

void add_challenge(Response& response) {
    response.add_header("WWW-Authenticate", "Bearer");
}

}  // namespace muster
