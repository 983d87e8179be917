#include <muster/api/openapi.hpp>

#include <memory>
#include <string>
#include <utility>

#include <muster/api/answers.hpp>
#include <muster/api/message.hpp>

namespace muster {

void add_openapi(Router& router) {
    auto const document = std::make_shared<std::string const>(openapi_document());
    router.add(Method::get, "/api/openapi.json", [document, &router](Request const& request) {
        if (auto refused = refuse_parameters(request, router.now())) {
            return std::move(*refused);
        }
        Response response;
        response.content_type = "application/json";
        response.add_header("Cache-Control", "no-cache");
        response.body.shared = document;
        response.lasting = true;
        return response;
    });
}

}  // namespace muster
