#include <muster/api/session_route.hpp>

#include <string>
#include <utility>

#include <muster/api/answers.hpp>
#include <muster/codec/json_text.hpp>

namespace muster {
namespace {

Response begin_session(Request const& request, Router const& router, ChangeGuard const& guard) {
    auto const now = router.now();
    if (auto refused = guard.refuse(request, now)) {
        return std::move(*refused);
    }
    if (auto refused = refuse_parameters(request, now)) {
        return std::move(*refused);
    }
    auto const* const session = router.read_guard().session();
    if (session == nullptr) {
        return refuse(409, "reads are open here (auth.reads): no session is needed", now);
    }
    std::string json;
    JsonObject object(json);
    object.time("until", ReadSession::end_of(now));
    object.close();
    auto response = answer(std::move(json), now);
    response.add_header("Set-Cookie", session->set_cookie(now));
    return response;
}

}  // namespace

void add_session_route(Router& router, ChangeGuard const& guard) {
    router.add(Method::post, "/api/session", [&router, &guard](Request const& request) {
        return begin_session(request, router, guard);
    });
}

}  // namespace muster
