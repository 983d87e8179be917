#include <muster/postgres/connection_parameters.hpp>
#include <muster/testing/holds.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

std::string parameters_of(std::string const& url) {
    auto const parameters = connection_parameters(url, {});
    EXPECT_TRUE(parameters) << parameters.error().message;
    return parameters.value_or("");
}

TEST(ConnectionParameters, AddTimeoutsAndKeepalivesToAUrl) {
    auto const text = parameters_of("postgresql://muster:s%20'cret@db:5433/history");
    EXPECT_TRUE(testing::holds(text, "host='db'")) << text;
    EXPECT_TRUE(testing::holds(text, "port='5433'")) << text;
    EXPECT_TRUE(testing::holds(text, "dbname='history'")) << text;
    EXPECT_TRUE(testing::holds(text, "password='s \\'cret'")) << text;
    EXPECT_TRUE(testing::holds(text, "connect_timeout='5'")) << text;
    EXPECT_TRUE(testing::holds(text, "tcp_user_timeout='20000'")) << text;
    EXPECT_TRUE(testing::holds(text, "keepalives_idle='10'")) << text;
    EXPECT_TRUE(testing::holds(text, "-c statement_timeout=30000")) << text;
    EXPECT_TRUE(testing::holds(text, "-c lock_timeout=5000")) << text;
    EXPECT_TRUE(testing::holds(text, "-c search_path=muster,public")) << text;
}

TEST(ConnectionParameters, LetTheUrlHaveItsWay) {
    auto const text = parameters_of(
        "postgresql://db/history?connect_timeout=9&options=-c%20work_mem%3D8MB&sslmode=require");
    EXPECT_TRUE(testing::holds(text, "connect_timeout='9'")) << text;
    EXPECT_TRUE(testing::holds(text, "sslmode='require'")) << text;
    EXPECT_TRUE(testing::holds(text, "-c work_mem=8MB'")) << text;
    EXPECT_TRUE(testing::holds(text, "-c statement_timeout=30000")) << text;
}

TEST(ConnectionParameters, AskForTheServerThatTakesWrites) {
    PostgresSession writer;
    writer.writes = true;
    auto const wanted = [&writer](std::string const& url) {
        return connection_parameters(url, writer).value_or("");
    };
    EXPECT_TRUE(
        testing::holds(wanted("postgresql://a,b/history"), "target_session_attrs='read-write'"));
    EXPECT_TRUE(testing::holds(wanted("postgresql://a,b/history?target_session_attrs=any"),
                               "target_session_attrs='any'"));
    EXPECT_FALSE(testing::holds(parameters_of("postgresql://a,b/history"), "target_session_attrs"));
}

TEST(ConnectionParameters, TakeWordsToo) {
    EXPECT_TRUE(
        testing::holds(parameters_of("host=/run/postgresql dbname=x"), "host='/run/postgresql'"));
}

TEST(ConnectionParameters, RefuseWhatCannotBeReadWithoutShowingIt) {
    auto const refused = connection_parameters("postgresql://a:secret@[db/h", {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::invalid);
    EXPECT_FALSE(testing::holds(refused.error().message, "secret"));
}

TEST(ConnectionParameters, TellThePlaceWithoutSecrets) {
    EXPECT_EQ(place_of("postgresql://muster:secret@db.example:5433/history"),
              "db.example:5433/history");
    EXPECT_EQ(place_of("postgresql://muster@db"), "db:5432/muster");
    EXPECT_EQ(place_of("nonsense secret"), "the database");
}

}  // namespace
}  // namespace muster
