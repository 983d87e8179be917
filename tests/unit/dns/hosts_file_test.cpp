#include <muster/dns/hosts_file.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

Addresses addresses(std::initializer_list<char const*> texts) {
    Addresses all;
    for (auto const* const text : texts) {
        all.push_back(boost::asio::ip::make_address(text));
    }
    return all;
}

TEST(HostsFile, KnowsEachNameOfALine) {
    auto const hosts = parse_hosts("127.0.0.1\tlocalhost\n10.0.0.1  Shop.Example shop # ours\n");
    ASSERT_EQ(hosts.size(), 3U);
    EXPECT_EQ(hosts.at("shop.example"), addresses({"10.0.0.1"}));
    EXPECT_EQ(hosts.at("shop"), addresses({"10.0.0.1"}));
    EXPECT_EQ(hosts.at("localhost"), addresses({"127.0.0.1"}));
}

TEST(HostsFile, CollectsTheAddressesOfAName) {
    auto const hosts = parse_hosts("::1 a\n127.0.0.1 a\n::1 a b\n");
    EXPECT_EQ(hosts.at("a"), addresses({"::1", "127.0.0.1"}));
    EXPECT_EQ(hosts.at("b"), addresses({"::1"}));
}

TEST(HostsFile, SkipsWhatIsNoEntry) {
    EXPECT_TRUE(parse_hosts("").empty());
    EXPECT_TRUE(parse_hosts("\n\n# 1.2.3.4 a\n1.2.3.4\n1.2.3 a\nname 1.2.3.4\n").empty());
    EXPECT_EQ(parse_hosts("1.2.3.4 a\r\n5.6.7.8 b").size(), 2U);
}

}  // namespace
}  // namespace muster
