#include <muster/api/read_model.hpp>

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <muster/codec/fleet_json.hpp>
#include <unit/api/deltas.hpp>

namespace muster {
namespace {

std::string map_of(NaivePicture const& picture) {
    std::string map = "{";
    for (auto const& [id, view] : picture.projects) {
        map += map.size() > 1 ? "," : "";
        append_status_member(map, view);
    }
    return map + "}";
}

TEST(ReadModel, IsEmptyAtFirst) {
    ReadModel model;
    EXPECT_EQ(*model.status_map(), "{}");
    EXPECT_EQ(model.project("shop"), nullptr);
    EXPECT_FALSE(model.condition().started);
}

TEST(ReadModel, EncodesTheMapOnceAVersion) {
    ReadModel model;
    model.apply(delta_of(project_view(1, "shop")));
    auto const map = model.status_map();
    EXPECT_EQ(model.status_map(), map);
    auto const version = model.version();
    FleetDelta services_only;
    services_only.services.push_back(service_view(7, 1, "app"));
    model.apply(std::move(services_only));
    EXPECT_EQ(model.version(), version);
    EXPECT_EQ(model.status_map(), map);
    model.apply(delta_of(project_view(1, "shop", HealthStatus::down)));
    EXPECT_GT(model.version(), version);
    EXPECT_NE(*model.status_map(), *map);
    EXPECT_NE(map->find("healthy"), std::string::npos) << "an old map stays as it was";
}

TEST(ReadModel, FindsProjectsByNameAndId) {
    ReadModel model;
    model.apply(delta_of(project_view(12, "shop")));
    ASSERT_NE(model.project("shop"), nullptr);
    EXPECT_EQ(model.project("shop"), model.project("12"));
    for (std::string_view const unknown :
         {"", "Shop", "1", "012x", "-12", "99999999999999999999"}) {
        EXPECT_EQ(model.project(unknown), nullptr) << unknown;
    }
}

TEST(ReadModel, FindsServicesOfTheirProjectOnly) {
    ReadModel model;
    auto delta = delta_of(project_view(1, "shop"));
    delta.projects.push_back(project_view(2, "bank"));
    delta.services = {service_view(10, 1, "app"), service_view(11, 2, "app"),
                      service_view(12, 1, "11")};
    model.apply(std::move(delta));
    EXPECT_EQ(model.service(ProjectId{1}, "app")->id, ServiceId{10});
    EXPECT_EQ(model.service(ProjectId{2}, "app")->id, ServiceId{11});
    EXPECT_EQ(model.service(ProjectId{1}, "11")->id, ServiceId{12}) << "a name goes before an id";
    EXPECT_EQ(model.service(ProjectId{1}, "10")->id, ServiceId{10});
    EXPECT_EQ(model.service(ProjectId{2}, "10"), nullptr);
}

TEST(ReadModel, FollowsARename) {
    ReadModel model;
    model.apply(delta_of(project_view(1, "old")));
    model.apply(delta_of(project_view(1, "new")));
    EXPECT_EQ(model.project("old"), nullptr);
    EXPECT_EQ(model.project("new")->view.id, ProjectId{1});
    // The old name goes to another project, in the same delta as the first one's removal.
    auto delta = delta_of(project_view(2, "new"));
    delta.removed_projects.push_back(ProjectId{1});
    model.apply(std::move(delta));
    EXPECT_EQ(model.project("new")->view.id, ProjectId{2});
    EXPECT_EQ(model.project("1"), nullptr);
}

TEST(ReadModel, MarksWhenAProjectChanged) {
    ReadModel model;
    model.apply(delta_of(project_view(1, "shop")));
    auto const first = model.project("shop")->version;
    model.apply(delta_of(project_view(2, "bank")));
    EXPECT_EQ(model.project("shop")->version, first);
    EXPECT_GT(model.project("bank")->version, first);
}

RC_GTEST_PROP(ReadModel, DeltasInOrderGiveTheWholePicture, ()) {
    ReadModel model;
    NaivePicture picture;
    for (auto const& delta : arbitrary_life()) {
        model.apply(delta);
        picture.apply(delta);
        if (*rc::gen::arbitrary<bool>()) {
            RC_ASSERT(*model.status_map() == map_of(picture));
        }
    }
    RC_ASSERT(*model.status_map() == map_of(picture));
    RC_ASSERT(model.project_count() == picture.projects.size());
    RC_ASSERT(model.service_count() == picture.services.size());
    for (auto const& [id, view] : picture.projects) {
        RC_ASSERT(model.project(view.name)->view == view);
        RC_ASSERT(model.project(std::to_string(id.value))->view == view);
        auto const* const metrics = model.metrics(id);
        auto const known = picture.metrics.find(id);
        RC_ASSERT((metrics != nullptr) == (known != picture.metrics.end()));
        RC_ASSERT((metrics == nullptr || *metrics == known->second));
        std::string member;
        std::string expected;
        model.append_member(member, id);
        append_status_member(expected, view);
        RC_ASSERT(member == expected);
    }
    for (auto const& [id, view] : picture.services) {
        RC_ASSERT(*model.service(id) == view);
        auto const* const named = model.service(view.project_id, view.name);
        RC_ASSERT((named != nullptr && named->name == view.name));
    }
}

}  // namespace
}  // namespace muster
