#include <muster/api/etag.hpp>

#include <gtest/gtest.h>

#include <unit/api/deltas.hpp>

namespace muster {
namespace {

TEST(Etag, IsFoundInAListByWeakComparison) {
    constexpr std::string_view kTag = R"(W/"5-7")";
    EXPECT_TRUE(names_etag(R"("5-7")", kTag));
    EXPECT_TRUE(names_etag(R"(W/"5-7")", kTag));
    EXPECT_TRUE(names_etag(R"("a" , W/"5-7")", kTag));
    EXPECT_TRUE(names_etag("*", kTag));
    EXPECT_TRUE(names_etag(R"(W/"x")", R"("x")"));
    EXPECT_FALSE(names_etag("", kTag));
    EXPECT_FALSE(names_etag(R"("5-77")", kTag));
    EXPECT_FALSE(names_etag(R"(,,)", kTag));
}

TEST(Etag, TellsStartsOfTheHubApart) {
    ReadModel model;
    auto delta = delta_of(project_view(1, "shop"));
    delta.epoch = 5;
    model.apply(delta);
    EXPECT_EQ(etag_of(model, 7), R"(W/"5-7")");
    delta.epoch = 6;
    model.apply(delta);
    EXPECT_EQ(etag_of(model, 7), R"(W/"6-7")");
}

TEST(Etag, AnswersNotModifiedWithoutMakingAnything) {
    Request request;
    auto const make = [] {
        Response response;
        response.body.head = "made";
        return response;
    };
    auto const first = tagged(request, R"(W/"1-1")", make);
    EXPECT_EQ(first.status, 200U);
    EXPECT_EQ(first.header("ETag"), R"(W/"1-1")");
    request.if_none_match = first.header("ETag");
    auto const second = tagged(request, R"(W/"1-1")", make);
    EXPECT_EQ(second.status, 304U);
    EXPECT_EQ(second.header("ETag"), R"(W/"1-1")");
    EXPECT_EQ(second.body.size(), 0U);
    EXPECT_EQ(tagged(request, R"(W/"1-2")", make).body.text(), "made");
}

TEST(Etag, GrowsWithWhateverChanges) {
    ReadModel model;
    auto const before = model.revision();
    FleetDelta delta;
    delta.services.push_back(service_view(10, 1, "app"));
    model.apply(std::move(delta));
    EXPECT_GT(model.revision(), before);
}

}  // namespace
}  // namespace muster
