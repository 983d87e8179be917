#include <muster/api/openapi.hpp>

#include <memory>
#include <string>

#include <muster/api/message.hpp>

namespace muster {

void add_openapi(Router& router) {
    auto const document = std::make_shared<std::string const>(openapi_document());
    router.add(Method::get, "/api/openapi.json", [document](Request const&) {
        Response response;
        response.content_type = "application/json";
        response.add_header("Cache-Control", "no-cache");
        response.body.shared = document;
        return response;
    });
}

}  // namespace muster
