#include <muster/domain/secret_names.hpp>

#include <gtest/gtest.h>

#include <muster/domain/probe_spec.hpp>

namespace muster {
namespace {

TEST(SecretNames, AreGuessedFromTheirLetters) {
    for (auto const* name :
         {"token", "access_token", "X-Api-Key", "apikey", "key", "password", "passwd", "PWD",
          "Authorization", "client_secret", "sig", "X-Amz-Signature", "sessionid", "jwt", "code"}) {
        EXPECT_TRUE(names_a_secret(name)) << name;
    }
    for (auto const* name : {"", "deep", "status", "user", "q", "keys", "format", "db"}) {
        EXPECT_FALSE(names_a_secret(name)) << name;
    }
}

TEST(SecretNames, HideValuesInAQueryOnly) {
    EXPECT_EQ(without_secrets("/health"), "/health");
    EXPECT_EQ(without_secrets("/token=abc/x"), "/token=abc/x");
    EXPECT_EQ(without_secrets("/health?deep=1"), "/health?deep=1");
    EXPECT_EQ(without_secrets("/health?token=abc"), "/health?token=***");
    EXPECT_EQ(without_secrets("/?a=1&PassWord=x=y&b&key=&z=2"), "/?a=1&PassWord=***&b&key=***&z=2");
    EXPECT_EQ(without_secrets("/?&&token"), "/?&&token");
    EXPECT_EQ(without_secrets(""), "");
}

TEST(SecretNames, MasksAreKnownWhereASecretBelongs) {
    for (auto const* target : {"/health?token=***", "/?a=1&PassWord=***&z=2", "/?&&key=***"}) {
        EXPECT_TRUE(has_masked_secret(target)) << target;
        EXPECT_EQ(without_secrets(target), target);
    }
    for (auto const* target :
         {"", "/", "/token=***", "/?token=****", "/?token=", "/?q=***", "/?token", "/***?***"}) {
        EXPECT_FALSE(has_masked_secret(target)) << target;
    }
}

TEST(SecretNames, DoNotShowInTargetsAndRefusals) {
    HttpProbeSpec spec{parse_url("http://user:pw@h/health?token=hush").value()};
    spec.headers = {{"X-Api-Key", "hush"}};
    EXPECT_EQ(target_of(spec), "http://h/health?token=***");
    auto const refused = parse_url("http://user:pw@h:99999/?token=hush");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message.find("hush"), std::string::npos) << refused.error().message;
    EXPECT_EQ(refused.error().message.find("pw"), std::string::npos) << refused.error().message;
}

}  // namespace
}  // namespace muster
