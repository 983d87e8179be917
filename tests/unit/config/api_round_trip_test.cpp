// What the registry's calls show of a service is taken back: sent again as it was shown it is the
// same service, and no secret follows it to another host.

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <muster/codec/service_json.hpp>
#include <muster/config/api_entries.hpp>

#include "arbitrary_service.hpp"

namespace muster::config {
namespace {

using namespace testing;

ServiceSpec any_registered_service() {
    auto spec = any_service("shop", one_of<std::string>({"db", "web"}));
    spec.formerly.clear();  // the API's have none
    return spec;
}

ProjectSpec any_shop() {
    ProjectSpec project;
    project.name = "shop";
    project.critical = any_flag();
    project.group = one_of<std::string>({"", "front"});
    return project;
}

/// As GET shows it.
std::string shown(ServiceSpec const& spec) {
    Service service;
    service.id = ServiceId{7};
    service.project_id = ProjectId{3};
    service.owner = Owner::api;
    service.spec = spec;
    ServiceView view;
    view.status = HealthStatus::degraded;
    view.last_check = WallTime(Millis(1'700'000'000'000));
    std::string json;
    append_service(json, service, &view);
    return json;
}

ServiceSpec somewhere_else(ServiceSpec spec) {
    auto const which = *rc::gen::inRange(0, 3);
    auto const move = [which](Url& url) {
        if (which == 0) {
            url.host = "elsewhere";
        } else if (which == 1) {
            url.port = 9999;
        } else {
            url.scheme = url.scheme == "http" ? "https" : "http";
        }
    };
    if (auto* probe = std::get_if<HttpProbeSpec>(&spec.probe)) {
        auto const moved = *rc::gen::inRange<std::size_t>(0, probe->more_urls.size() + 1);
        move(moved == 0 ? probe->url : probe->more_urls[moved - 1]);
        probe->ip = IpFamily::any;
    }
    return spec;
}

RC_GTEST_PROP(ApiRoundTrip, APutOfWhatGetShowedChangesNothing, ()) {
    auto const spec = any_registered_service();
    auto const shop = any_shop();
    ApiEntries const entries({any_policy(), any_enum<ConnectionPolicy>()},
                             [&shop](std::string_view) { return shop; });
    auto const again = entries.service(shown(spec), &spec);
    if (!again) {
        RC_FAIL(again.error().message + "\n" + shown(spec));
    }
    RC_ASSERT(shown(*again) == shown(spec));
    RC_ASSERT(*again == spec);
}

RC_GTEST_PROP(ApiRoundTrip, APostOfWhatGetShowedChangesNothing, ()) {
    auto const spec = any_registered_service();
    auto const shop = any_shop();
    ApiEntries const entries(
        {any_policy(), any_enum<ConnectionPolicy>()}, [&shop](std::string_view) { return shop; },
        [&spec](std::string_view project, std::string_view name) {
            return project == spec.project && name == spec.name ? &spec : nullptr;
        });
    auto const again = entries.service(shown(spec), nullptr);
    if (!again) {
        RC_FAIL(again.error().message + "\n" + shown(spec));
    }
    RC_ASSERT(*again == spec);
}

RC_GTEST_PROP(ApiRoundTrip, NoSecretFollowsAServiceToAnotherHost, ()) {
    auto spec = any_registered_service();
    if (auto* probe = std::get_if<HttpProbeSpec>(&spec.probe)) {
        probe->tls.ca_file.clear();  // nobody may send one
    }
    auto const moved = somewhere_else(spec);
    auto const shop = any_shop();
    ApiEntries const entries({}, [&shop](std::string_view) { return shop; });
    auto const sent = shown(moved);
    // What holds no mask can be read by somebody who knows nothing.
    bool const has_secrets = !entries.service(sent, nullptr);
    auto const read = entries.service(sent, &spec);
    bool const is_http = std::holds_alternative<HttpProbeSpec>(spec.probe);
    RC_ASSERT(read.has_value() == !(is_http && has_secrets));
    if (!read) {
        RC_ASSERT(read.error().message.find("scheme, host, port") != std::string::npos);
    }
}

}  // namespace
}  // namespace muster::config
