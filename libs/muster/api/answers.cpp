#include <muster/api/answers.hpp>

#include <utility>

#include <muster/api/query_reader.hpp>
#include <muster/codec/clean_lines.hpp>
#include <muster/codec/envelope_json.hpp>

namespace muster {
namespace {

std::string_view code_of(unsigned status) noexcept {
    switch (status) {
        case 401:
            return "UNAUTHORIZED";
        case 403:
            return "FORBIDDEN";
        case 404:
            return "NOT_FOUND";
        case 405:
            return "METHOD_NOT_ALLOWED";
        case 408:
            return "TIMED_OUT";
        case 409:
            return "CONFLICT";
        case 413:
            return "TOO_LARGE";
        case 415:
            return "UNSUPPORTED_MEDIA_TYPE";
        case 426:
            return "UPGRADE_REQUIRED";
        case 429:
            return "TOO_MANY_REQUESTS";
        case 500:
            return "INTERNAL";
        case 502:
            return "BAD_GATEWAY";
        case 503:
            return "NOT_READY";
        case 504:
            return "GATEWAY_TIMEOUT";
        default:
            return "BAD_REQUEST";
    }
}

/// A refused configuration tells every mistake.
constexpr std::size_t kLongestMessage = std::size_t{64} << 10U;

Response json_response(unsigned status) {
    Response response;
    response.status = status;
    response.content_type = kJson;
    response.headers = "Cache-Control: no-cache\r\n";
    return response;
}

}  // namespace

Response answer(std::string data, WallTime now) {
    auto response = json_response(200);
    response.body.head = envelope_head();
    response.body.head += data;
    response.body.head += envelope_tail(now);
    return response;
}

Response answer(SharedText data, WallTime now) {
    auto response = json_response(200);
    response.body = {std::string(envelope_head()), std::move(data), envelope_tail(now)};
    return response;
}

Response answer_list(std::string data, std::uint64_t total, WallTime now) {
    auto response = json_response(200);
    response.body = {std::string(envelope_head()),
                     std::make_shared<std::string const>(std::move(data)),
                     envelope_tail(total, now)};
    return response;
}

Response answer_plain(unsigned status, std::string json) {
    auto response = json_response(status);
    response.body.head = std::move(json);
    return response;
}

Response refuse(unsigned status, std::string_view message, WallTime now) {
    auto response = json_response(status);
    response.body.head =
        error_envelope(clean_lines(message, kLongestMessage), code_of(status), now);
    return response;
}

std::optional<Response> refuse_parameters(Request const& request, WallTime now) {
    QueryReader reader(request.target);
    return reader.problem() ? std::optional(refuse(400, *reader.problem(), now)) : std::nullopt;
}

Response refuse(Error const& error, WallTime now) {
    switch (error.code) {
        case Errc::invalid:
        case Errc::unsupported:
            return refuse(400, error.message, now);
        case Errc::not_found:
            return refuse(404, error.message, now);
        case Errc::conflict:
            return refuse(409, error.message, now);
        case Errc::unavailable:
        case Errc::in_doubt:
        case Errc::timed_out:
        case Errc::full: {
            auto response = refuse(503, error.message, now);
            response.add_header("Retry-After", "1");
            return response;
        }
        case Errc::corrupt:
        case Errc::internal:
            return refuse(500, error.message, now);
    }
    return refuse(500, error.message, now);
}

}  // namespace muster
