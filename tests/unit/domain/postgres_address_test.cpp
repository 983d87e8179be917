#include <muster/domain/postgres_address.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

PostgresAddress address_in(std::string_view text) {
    auto const address = parse_postgres_url(text);
    EXPECT_TRUE(address) << address.error().message;
    return address.value_or(PostgresAddress{});
}

std::string mistake_of(std::string_view text) {
    auto const address = parse_postgres_url(text);
    return address ? "" : address.error().message;
}

TEST(PostgresUrl, IsReadInItsParts) {
    EXPECT_EQ(address_in("postgresql://muster:s%20ec%2Fret@db:5433/history?sslmode=require"),
              (PostgresAddress{"db:5433", "muster", "s ec/ret", "history", "sslmode=require"}));
    EXPECT_EQ(address_in("postgres://db"), (PostgresAddress{"db", "", "", "", ""}));
    EXPECT_EQ(address_in("postgresql://"), PostgresAddress{});
    EXPECT_EQ(address_in("postgresql:///x"), (PostgresAddress{"", "", "", "x", ""}));
    EXPECT_EQ(address_in("postgresql://u@[::1]:5432/x"),
              (PostgresAddress{"[::1]:5432", "u", "", "x", ""}));
    EXPECT_EQ(address_in("postgresql://a:5432,b:5433/x?target_session_attrs=read-write").hosts,
              "a:5432,b:5433");
    EXPECT_EQ(address_in("postgresql://%2Frun%2Fpostgresql/x").hosts, "%2Frun%2Fpostgresql");
    EXPECT_EQ(address_in("postgresql://u:p@ss@db/x").password, "p@ss");
}

TEST(PostgresUrl, IsWrittenAgainForThoseWhoMaySeeIt) {
    for (std::string const text :
         {"postgresql://muster:s%20ec%2Fret@db:5433/history?sslmode=require", "postgresql://db/x",
          "postgresql:///x", "postgresql://u@a:1,b:2/x"}) {
        EXPECT_EQ(secret_text(address_in(text)), text);
    }
    auto const address = address_in("postgresql://muster:hunter2@db/x?sslpassword=hunter3&a=b");
    EXPECT_EQ(to_text(address), "postgresql://db/x?sslpassword=***&a=b");
    EXPECT_EQ(masked_text(address), "postgresql://***@db/x?sslpassword=***&a=b");
    EXPECT_EQ(masked_text(address_in("postgresql://db/x")), "postgresql://db/x");
}

TEST(PostgresUrl, IsRefusedWithoutShowingItsPassword) {
    for (auto const* text :
         {"http://u:hunter2@db/x", "postgresql://u:hunter2@db:0/x", "postgresql://u:hunter2@d b/x",
          "postgresql://u:hunter2@db/x/y", "postgresql://u:hunter2%4@db/x",
          "postgresql://u:hunter2@db:1,/x", "postgresql://u:hunter2@/a?x@y z",
          "postgresql://user:hunter2", "postgres://user:hunter2", "hunter2",
          "postgresql://a@b:hunter2/x", "postgresql://db/x/hunter2",
          "postgresql://db:0/x?password=hunter2", "postgresql:/u:hunter2@db/x"}) {
        auto const message = mistake_of(text);
        EXPECT_NE(message, "") << text;
        EXPECT_EQ(message.find("hunter2"), std::string::npos) << message;
        EXPECT_NE(message.find("postgresql://USER:PASSWORD@HOST:5432/DATABASE"), std::string::npos)
            << message;
    }
}

TEST(PostgresUrl, WantsTheSecretItself) {
    for (auto const* text :
         {"postgresql://***@db/x", "postgresql://u:***@db/x", "postgresql://db/x?password=***"}) {
        EXPECT_NE(mistake_of(text).find("*** where the secret itself belongs"), std::string::npos)
            << mistake_of(text);
    }
}

}  // namespace
}  // namespace muster
