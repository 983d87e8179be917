#include <muster/tcp/preferred_address.hpp>

#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

using boost::asio::ip::make_address;
using Addresses = std::vector<boost::asio::ip::address>;

TEST(PreferredAddress, IsTheFirstOfIPv6) {
    Addresses const both{make_address("192.0.2.1"), make_address("2001:db8::1"),
                         make_address("2001:db8::2")};
    EXPECT_EQ(preferred_address(both), make_address("2001:db8::1"));
}

TEST(PreferredAddress, IsTheFirstOfIPv4WhereThereIsNoOther) {
    Addresses const old{make_address("192.0.2.2"), make_address("192.0.2.1")};
    EXPECT_EQ(preferred_address(old), make_address("192.0.2.2"));
    EXPECT_EQ(preferred_address(Addresses{}), std::nullopt);
}

TEST(AddressHash, IsThatOfBlackboxExporter) {
    EXPECT_EQ(address_hash(make_address("127.0.0.1")), 3'668'918'509U);
    EXPECT_EQ(address_hash(make_address("::ffff:127.0.0.1")), 99'635'399U);
    EXPECT_NE(address_hash(make_address("::1")), address_hash(make_address("::2")));
}

}  // namespace
}  // namespace muster
