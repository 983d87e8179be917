#include <muster/api/origins.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

constexpr std::string_view kEvil = "https://evil.example";

TEST(Origins, TheDefaultOpensReadsAndFeedsToEveryPage) {
    Origins const origins({"*"});
    EXPECT_EQ(origins.read_headers(kEvil), "Access-Control-Allow-Origin: *\r\n");
    EXPECT_EQ(origins.read_headers(""), "Access-Control-Allow-Origin: *\r\n");
    EXPECT_TRUE(origins.admits_socket(kEvil, "hub:3001"));
    EXPECT_TRUE(origins.admits_socket("null", "hub:3001"));
}

TEST(Origins, AListOpensToThoseThatItNames) {
    Origins const origins({"https://ops.example"});
    EXPECT_EQ(origins.read_headers("https://ops.example"),
              "Access-Control-Allow-Origin: https://ops.example\r\nVary: Origin\r\n");
    EXPECT_EQ(origins.read_headers(kEvil), "Vary: Origin\r\n");
    EXPECT_EQ(origins.read_headers(""), "Vary: Origin\r\n");
    EXPECT_TRUE(origins.admits_socket("https://OPS.example", "hub:3001"));
    EXPECT_FALSE(origins.admits_socket(kEvil, "hub:3001"));
}

TEST(Origins, ASocketNeedsNoListForItsOwnHostAndThisMachine) {
    Origins const origins({});
    EXPECT_TRUE(origins.admits_socket("", "hub:3001"));
    EXPECT_TRUE(origins.admits_socket("http://hub:3001", "HUB:3001"));
    EXPECT_TRUE(origins.admits_socket("http://localhost:5173", "hub:3001"));
    EXPECT_TRUE(origins.admits_socket("http://127.0.0.1", "hub:3001"));
    EXPECT_TRUE(origins.admits_socket("http://[::1]:80", "hub:3001"));
    EXPECT_FALSE(origins.admits_socket("http://hub:3002", "hub:3001"));
    EXPECT_FALSE(origins.admits_socket("http://hub", "hub:3001"));
    EXPECT_FALSE(origins.admits_socket("null", "hub:3001"));
    EXPECT_FALSE(origins.admits_socket("file://", "hub:3001"));
    EXPECT_FALSE(origins.admits_socket("http://localhost.evil.example", "hub:3001"));
}

}  // namespace
}  // namespace muster
