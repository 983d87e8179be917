#include <muster/api/project_routes.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <muster/api/read_routes.hpp>
#include <muster/api/target.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <muster/testing/holds.hpp>
#include <unit/api/deltas.hpp>
#include <unit/api/history_stub.hpp>
#include <unit/api/page_stub.hpp>

namespace muster {
namespace {

class ProjectRoutes : public ::testing::Test {
protected:
    ProjectRoutes() {
        add_read_routes(router_, {model_, history_, loop_, loop_.now().steady});
        add_project_routes(router_, {model_, uptime_, pages_, page_lane_, loop_});
        FleetDelta delta;
        delta.epoch = 5;
        add(delta, 1, "shop", "http://me:s3cret@host/base");
        add(delta, 2, "bank", "http://other:81");
        delta.services.push_back(service_view(10, 1, "app"));
        auto service = std::make_shared<Service>();
        service->id = ServiceId{10};
        service->project_id = ProjectId{1};
        service->spec.project = "shop";
        service->spec.name = "app";
        delta.registered.push_back(std::move(service));
        model_.apply(std::move(delta));
    }

    static void add(FleetDelta& delta, std::int64_t id, std::string const& name,
                    std::string_view url) {
        auto project = std::make_shared<Project>();
        project->id = ProjectId{id};
        project->spec = project_of(name, parse_url(url).value());
        project->spec.services.clear();
        project->spec.logs_path = "/logs?app=1";
        delta.registered_projects.push_back(std::move(project));
        delta.projects.push_back(project_view(id, name));
    }

    void begin(std::string_view target, std::string if_none_match = {}) {
        Request request;
        request.target = parse_target(target).value();
        request.if_none_match = std::move(if_none_match);
        got_.reset();
        router_.handle(std::move(request),
                       [this](Response response) { got_ = std::move(response); });
    }
    Response ask(std::string_view target, std::string if_none_match = {}) {
        begin(target, std::move(if_none_match));
        while (!got_ && loop_.run_one()) {}
        EXPECT_TRUE(got_) << target;
        return std::move(*got_);
    }
    std::string text_of(std::string_view target, unsigned status) {
        auto const response = ask(target);
        EXPECT_EQ(response.status, status) << target << ": " << response.body.text();
        return response.body.text();
    }
    /// What comes of a page whose fetch ends so.
    Response page(std::string_view target, Result<std::string> fetched) {
        loop_.run_for(1s);  // nothing is kept from before
        begin(target);
        EXPECT_FALSE(got_) << "a fetch is under way";
        source_.answer(source_.asked.size() - 1, std::move(fetched));
        while (!got_ && loop_.run_one()) {}
        EXPECT_TRUE(got_);
        return std::move(*got_);
    }

    SimulatedLoop loop_;
    SimulatedLane lane_{loop_, {.queue_limit = 1}};
    HistoryStub stub_;
    HistoryQueries history_{{{lane_, stub_}}, loop_};
    UptimeBook uptime_{history_, loop_};
    PageStub source_;
    ProjectPages pages_{source_, loop_};
    SimulatedLane page_lane_{loop_, {.apply_after = 100ms, .queue_limit = 1}};
    ReadModel model_;
    Router router_{loop_, Origins({"*"})};
    std::optional<Response> got_;
};

TEST_F(ProjectRoutes, HaveNoPageOfTheirOwnWithoutAnAddress) {
    auto project = std::make_shared<Project>();
    project->id = ProjectId{3};
    project->spec.name = "parts";
    auto delta = delta_of(project_view(3, "parts"));
    delta.registered_projects.push_back(std::move(project));
    model_.apply(std::move(delta));
    for (auto const* page : {"/api/projects/parts/status", "/api/projects/3/logs?limit=5"}) {
        EXPECT_TRUE(
            testing::holds(text_of(page, 404), "Project parts has no address of its own (url)"));
    }
    EXPECT_TRUE(source_.asked.empty()) << "nothing is fetched";
}

TEST_F(ProjectRoutes, ListsThemWithTheirServices) {
    auto const text = text_of("/api/projects", 200);
    EXPECT_TRUE(testing::holds(
        text, R"("data":[{"id":1,"projectName":"shop","settings":{"url":"http://host)"))
        << text;
    EXPECT_TRUE(testing::holds(text, R"("services":[{"id":10,)")) << text;
    EXPECT_TRUE(testing::holds(text, R"("services":[]}],"total":2,)")) << text;
    EXPECT_FALSE(testing::holds(text, "s3cret"));
    auto const second = text_of("/api/projects?limit=1&offset=1", 200);
    EXPECT_TRUE(testing::holds(second, R"("data":[{"id":2,)") &&
                testing::holds(second, R"("total":2,)"))
        << second;
    EXPECT_TRUE(testing::holds(text_of("/api/projects?limit=0", 400),
                               "limit must be a whole number from 1 to 1000, not '0'"));
}

TEST_F(ProjectRoutes, ShowsOneByNameAndById) {
    auto const text = text_of("/api/projects/shop", 200);
    EXPECT_TRUE(testing::holds(text, R"("data":{"id":1,"projectName":"shop")"));
    EXPECT_EQ(text_of("/api/projects/1", 200), text);
    EXPECT_TRUE(testing::holds(text_of("/api/projects/nobody", 404), "No such project: 'nobody'"));
    EXPECT_TRUE(testing::holds(text_of("/api/projects/status", 200), R"("shop":{"projectName")"))
        << "that is the map, not a project";
}

TEST_F(ProjectRoutes, AreNotSentAgainUnchanged) {
    auto const tag = std::string(ask("/api/projects/shop").header("ETag"));
    EXPECT_EQ(tag.substr(0, 4), "W/\"5");
    EXPECT_EQ(ask("/api/projects/shop", tag).status, 304U);
    EXPECT_EQ(ask("/api/projects", tag).status, 304U);
    model_.apply(delta_of(project_view(1, "shop", HealthStatus::down)));
    EXPECT_EQ(ask("/api/projects/shop", tag).status, 200U);
    auto const map = std::string(ask("/api/projects/status").header("ETag"));
    EXPECT_EQ(ask("/api/projects/status", map).status, 304U);
}

TEST_F(ProjectRoutes, HealthHasTheLiveDayAndTheHistory) {
    BucketRow row;
    row.service = "app";
    row.bucket.from = std::chrono::floor<std::chrono::days>(loop_.now().wall);
    row.bucket.seen.observed = 1h;
    row.bucket.seen.down_time = 15min;
    stub_.bucket_rows.push_back(row);
    auto const text = text_of("/api/projects/shop/health", 200);
    EXPECT_TRUE(testing::holds(text, R"("projectName":"shop","status":"healthy")")) << text;
    EXPECT_TRUE(
        testing::holds(text, R"("uptime":{"24h":{"uptime":0,"coverage":0},"7d":{"uptime":75,)"))
        << text;
    EXPECT_FALSE(testing::holds(text, "uptimeProblem"));
    EXPECT_TRUE(testing::holds(text_of("/api/projects/nobody/health", 404), "No such project"));
}

TEST_F(ProjectRoutes, HealthIsToldWhileTheStoreIsAway) {
    stub_.error = Error{Errc::unavailable, "the database is away"};
    auto const text = text_of("/api/projects/shop/health", 200);
    EXPECT_TRUE(testing::holds(text, R"("7d":null)")) << text;
    EXPECT_TRUE(testing::holds(text, R"("uptimeProblem":"the database is away")")) << text;
}

TEST_F(ProjectRoutes, HealthOfAProjectThatWentMeanwhileIsNotFound) {
    begin("/api/projects/shop/health");
    FleetDelta gone;
    gone.removed_projects.push_back(ProjectId{1});
    model_.apply(std::move(gone));
    while (!got_ && loop_.run_one()) {}
    ASSERT_TRUE(got_);
    EXPECT_EQ(got_->status, 404U);
}

TEST_F(ProjectRoutes, StatusIsTheProjectsOwn) {
    auto const response = page("/api/projects/shop/status", R"({"isRunning":true})");
    EXPECT_EQ(response.status, 200U);
    EXPECT_TRUE(testing::holds(response.body.text(), R"("data":{"isRunning":true},)"));
    EXPECT_EQ(to_text(source_.asked[0].url), "http://host/base/status");
    EXPECT_EQ(source_.asked[0].url.user_info, "me:s3cret") << "it is asked as configured";
}

TEST_F(ProjectRoutes, ProjectsThatDoNotAnswerAreTold) {
    auto const away =
        page("/api/projects/shop/status", failure(Errc::unavailable, "HTTP error: 503"));
    EXPECT_EQ(away.status, 502U);
    EXPECT_TRUE(testing::holds(away.body.text(),
                               "shop does not answer at http://host/base/status: HTTP error: 503"))
        << away.body.text();
    EXPECT_TRUE(testing::holds(away.body.text(), "BAD_GATEWAY"));
    auto const late =
        page("/api/projects/shop/status", failure(Errc::timed_out, "timed out after 5000 ms"));
    EXPECT_EQ(late.status, 504U);
    EXPECT_EQ(page("/api/projects/shop/status", std::string("<html>")).status, 502U);
    EXPECT_EQ(text_of("/api/projects/nobody/status", 404).substr(0, 16), R"({"success":false)");
}

/// A megabyte takes a tenth of a second to read, in which the loop has other things to do.
TEST_F(ProjectRoutes, PagesAreReadBesideTheLoop) {
    for (auto const* target : {"/api/projects/shop/status", "/api/projects/shop/logs?level=info"}) {
        loop_.run_for(2s);
        begin(target);
        source_.answer(source_.asked.size() - 1, R"({"logs":[{"level":"info"}]})");
        EXPECT_FALSE(got_) << target;
        loop_.run_for(99ms);
        EXPECT_FALSE(got_) << target;
        loop_.run_for(1ms);
        ASSERT_TRUE(got_) << target;
        EXPECT_EQ(got_->status, 200U);
    }
}

TEST_F(ProjectRoutes, PagesThatCannotBeReadNowAreRefused) {
    begin("/api/projects/shop/status");
    ASSERT_TRUE(page_lane_.submit([] {}, [] {}));
    source_.answer(0, R"({"isRunning":true})");
    ASSERT_TRUE(got_) << "at once";
    EXPECT_EQ(got_->status, 503U);
    EXPECT_EQ(got_->header("Retry-After"), "1");
    EXPECT_TRUE(
        testing::holds(got_->body.text(), "too many pages of projects are being read, try again"));
}

TEST_F(ProjectRoutes, OneProjectTakesNoMoreFetchesThanItsShare) {
    for (int offset = 0; offset < 4; ++offset) {
        begin("/api/projects/shop/logs?offset=" + std::to_string(offset));
        EXPECT_FALSE(got_);
    }
    begin("/api/projects/shop/logs?offset=4");
    ASSERT_TRUE(got_);
    EXPECT_EQ(got_->status, 503U);
    EXPECT_TRUE(testing::holds(got_->body.text(), "too many pages of this project"))
        << got_->body.text();
    begin("/api/projects/bank/status");
    EXPECT_FALSE(got_) << "it is fetched";
    EXPECT_EQ(source_.asked.size(), 5U);
}

TEST_F(ProjectRoutes, LogsPassTheirPageOnAndPickALevel) {
    std::string const logs = R"({"logs":[{"level":"info"},{"level":"error"}],"total":9})";
    auto const all = page("/api/projects/shop/logs?limit=2&offset=4", logs);
    EXPECT_TRUE(testing::holds(all.body.text(), R"("data":)" + logs)) << all.body.text();
    EXPECT_EQ(source_.asked[0].url.target, "/base/logs?app=1&limit=2&offset=4");
    auto const errors = page("/api/projects/shop/logs?level=ERROR", logs);
    EXPECT_EQ(source_.asked[1].url.target, "/base/logs?app=1&limit=100&offset=0");
    EXPECT_TRUE(
        testing::holds(errors.body.text(), R"("data":{"logs":[{"level":"error"}],"total":9})"))
        << errors.body.text();
    EXPECT_EQ(page("/api/projects/shop/logs?level=info", std::string("[]")).status, 502U);
    EXPECT_TRUE(testing::holds(text_of("/api/projects/shop/logs?offset=x", 400), "offset must be"));
    EXPECT_EQ(text_of("/api/projects/nobody/logs", 404).substr(0, 16), R"({"success":false)");
}

}  // namespace
}  // namespace muster
