#include <cli/ask/status_view.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

WallTime const kNow(1'700'000'000'000ms);

ProjectView project(std::string name, HealthStatus status) {
    ProjectView view;
    view.name = std::move(name);
    view.status = status;
    return view;
}

TEST(StatusText, ShowsEachProjectAboveItsServices) {
    StatusPicture picture;
    picture.at = kNow;
    auto shop = project("shop", HealthStatus::degraded);
    shop.last_check = kNow - 2s;
    shop.response_time = 1200ms;
    shop.uptime_percent = 99.98;
    shop.coverage_percent = 100;
    shop.overlays.set(Overlay::flapping, true);
    picture.projects = {shop, project("mail", HealthStatus::unknown)};
    AnsweredService app;
    app.view.project = "shop";
    app.view.name = "app";
    app.view.status = HealthStatus::degraded;
    app.view.critical = false;
    app.view.last_check = kNow - 2s;
    app.view.response_time = 1200ms;
    app.view.uptime_percent = 99.98;
    app.view.coverage_percent = 100;
    app.view.overlays.set(Overlay::flapping, true);
    app.view.details.note = "body says warn";
    picture.services = {app};
    EXPECT_EQ(status_text(picture, false),
              "PROJECT  SERVICE  STATUS    UPTIME  COVERAGE     TIME  CHECKED  NOTES\n"
              "shop              degraded  99.98%      100%  1200 ms  2s ago   flapping\n"
              "         app      degraded  99.98%      100%  1200 ms  2s ago   flapping, body says "
              "warn, not critical\n"
              "mail              unknown        -         -        -  never\n"
              "\n"
              "2 projects: 1 degraded, 1 unknown\n");
}

TEST(StatusText, SaysWhatToDoWithoutProjects) {
    EXPECT_EQ(status_text({}, false).find("no projects yet"), 0U);
}

TEST(StatusExitCode, IsThatOfTheWorst) {
    StatusPicture picture;
    EXPECT_EQ(status_exit_code(picture), 0);
    picture.projects = {project("a", HealthStatus::up)};
    EXPECT_EQ(status_exit_code(picture), 0);
    picture.projects.push_back(project("b", HealthStatus::unknown));
    EXPECT_EQ(status_exit_code(picture), 1);
    picture.projects.push_back(project("c", HealthStatus::down));
    picture.projects.push_back(project("d", HealthStatus::degraded));
    EXPECT_EQ(status_exit_code(picture), 2);
}

}  // namespace
}  // namespace muster
