#include <cli/check/check_targets.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(CheckTargets, UrlsAreProbedAsGiven) {
    auto const services =
        services_of_urls({"http://user:pw@127.0.0.1:3010/health?x=1", "tcp://[::1]:25"}).value();
    ASSERT_EQ(services.size(), 2U);
    EXPECT_EQ(services[0].project, "");
    EXPECT_EQ(services[0].name, "http://127.0.0.1:3010/health?x=1");
    EXPECT_EQ(std::get<HttpProbeSpec>(services[0].probe).url.user_info, "user:pw");
    EXPECT_EQ(services[0].policy.timeout, 5s);
    EXPECT_EQ(kind_of(services[1].probe), "tcp");
    EXPECT_EQ(services[1].name, "tcp://[::1]:25");
}

TEST(CheckTargets, WhatIsNoUrlIsRefused) {
    auto const missing = services_of_urls({"http://h", "127.0.0.1:3010"});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().message,
              "'127.0.0.1:3010' is no http or https URL: write an absolute one, such as "
              "http://127.0.0.1:3010/health");
    EXPECT_FALSE(services_of_urls({"tcp://h"}));
    EXPECT_FALSE(services_of_urls({"ftp://h/"}));
}

TEST(CheckTargets, AConfigurationGivesAllItsServices) {
    config::Configuration configuration;
    configuration.projects.push_back(project_of("a", parse_url("http://h").value()));
    configuration.projects.push_back(project_of("b", parse_url("http://h").value()));
    auto const services = services_of(configuration);
    ASSERT_EQ(services.size(), 2U);
    EXPECT_EQ(services[0].project, "a");
    EXPECT_EQ(services[1].project, "b");
}

}  // namespace
}  // namespace muster
