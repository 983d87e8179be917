#include <muster/config/write_configuration.hpp>

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <muster/config/load.hpp>

namespace muster::config {
namespace {

Checked<Configuration> read_back(std::string text) {
    LoadInput input;
    input.file_text = std::move(text);
    return load(input);
}

std::string first_mistake(Checked<Configuration> const& configuration) {
    return configuration ? "" : to_text(configuration.error().front());
}

TEST(WriteConfiguration, TheDefaultsAreReadAgain) {
    auto const text = to_yaml(write_configuration({}));
    auto const read = read_back(text);
    ASSERT_TRUE(read) << first_mistake(read) << "\n" << text;
    EXPECT_EQ(*read, Configuration{});
}

TEST(WriteConfiguration, SecretsAreMasked) {
    auto configuration = read_back(R"(
auth: { token: hunter2 }
projects:
  - name: shop
    url: http://me:hunter2@h/
    services:
      - name: web
        probe: { http: ["http://me:hunter2@h/x", "http://i"], method: POST, body: hunter2,
                 headers: { X-Key: hunter2 } }
)");
    ASSERT_TRUE(configuration) << first_mistake(configuration);
    auto const text = to_yaml(write_configuration(*configuration));
    EXPECT_EQ(text.find("hunter"), std::string::npos) << text;
    EXPECT_NE(text.find("token: \"***\""), std::string::npos) << text;
    EXPECT_NE(text.find("url: \"http://***@h/\""), std::string::npos) << text;
    EXPECT_NE(text.find("X-Key: \"***\""), std::string::npos) << text;
    EXPECT_NE(text.find("body: \"***\""), std::string::npos) << text;
    EXPECT_TRUE(read_back(text)) << text;
}

}  // namespace
}  // namespace muster::config
