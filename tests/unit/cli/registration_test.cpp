#include <cli/ask/registration.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(RegistrationOfFlags, WritesTheConfigurationsShape) {
    ServicesRegisterCommand command;
    command.service = "shop/smtp";
    command.tcp = "127.0.0.1:25";
    command.type = "queue";
    command.interval = "10s";
    command.retries = 0;
    command.critical = false;
    command.tags = {"eu", "mail"};
    auto const made = registration_of_flags(command);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->name, "shop/smtp");
    EXPECT_EQ(made->json,
              R"({"project":"shop","name":"smtp","type":"queue","probe":{"tcp":"127.0.0.1:25"},)"
              R"("interval":"10s","retries":0,"critical":false,"tags":["eu","mail"]})");
}

TEST(RegistrationOfFlags, SaysWhatIsMissing) {
    ServicesRegisterCommand command;
    command.http = "http://127.0.0.1:1/";
    for (std::string const name : {"", "shop", "/smtp", "shop/"}) {
        command.service = name;
        EXPECT_EQ(
            registration_of_flags(command).error().message.find("name the service as PROJECT/NAME"),
            0U)
            << name;
    }
    command.service = "shop/smtp";
    command.tcp = "127.0.0.1:25";
    EXPECT_NE(registration_of_flags(command).error().message.find("one of --http URL and --tcp"),
              std::string::npos);
    command.http.clear();
    command.tcp.clear();
    EXPECT_FALSE(registration_of_flags(command));
}

TEST(RegistrationsOfFile, TakeOneOrAList) {
    auto const one = registrations_of_file(
        "project: shop\nname: smtp\nprobe: { tcp: \"127.0.0.1:25\" }\ninterval: 10s\n", "f.yaml");
    ASSERT_TRUE(one);
    ASSERT_EQ(one->size(), 1U);
    EXPECT_EQ(one->front().name, "shop/smtp");
    EXPECT_EQ(
        one->front().json,
        R"({"project":"shop","name":"smtp","probe":{"tcp":"127.0.0.1:25"},"interval":"10s"})");

    auto const list = registrations_of_file("[{ project: a, name: b },\n {name: c}]", "f.yaml");
    ASSERT_TRUE(list);
    ASSERT_EQ(list->size(), 2U);
    EXPECT_EQ(list->at(0).name, "a/b");
    EXPECT_EQ(list->at(1).name, "f.yaml:2");
}

TEST(RegistrationsOfFile, TellTheLineOfWhatIsNone) {
    EXPECT_EQ(registrations_of_file("- { project: a }\n- text\n", "f.yaml")
                  .error()
                  .message.find("f.yaml:2: wants a service"),
              0U);
    EXPECT_FALSE(registrations_of_file("", "f.yaml"));
    EXPECT_FALSE(registrations_of_file("[]", "f.yaml"));
    EXPECT_NE(registrations_of_file("a: [", "f.yaml").error().message.find("f.yaml"),
              std::string::npos);
}

}  // namespace
}  // namespace muster
