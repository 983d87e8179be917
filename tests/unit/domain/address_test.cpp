#include <muster/domain/address.hpp>

#include <algorithm>
#include <string>
#include <string_view>

#include <arpa/inet.h>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

template <class Bytes>
std::optional<Bytes> by_libc(int family, std::string const& text) {
    Bytes bytes{};
    // c_str() ends at a NUL inside of the text, ours does not.
    if (text.find('\0') != std::string::npos ||
        inet_pton(family, text.c_str(), bytes.data()) != 1) {
        return std::nullopt;
    }
    return bytes;
}

TEST(IPv4, IsFourNumbersUpTo255) {
    EXPECT_EQ(parse_ipv4("127.0.0.1"), (IPv4Bytes{127, 0, 0, 1}));
    EXPECT_EQ(parse_ipv4("255.255.255.255"), (IPv4Bytes{255, 255, 255, 255}));
    for (std::string_view const text :
         {"", "1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1..3.4", "1.2.3.", ".1.2.3",
          "1.2.3.4 ", "0x7f.0.0.1", "1.2.3.-4", "1.2.3.0004"}) {
        EXPECT_FALSE(parse_ipv4(text)) << text;
    }
}

TEST(IPv6, IsReadInItsThreeForms) {
    IPv6Bytes loopback{};
    loopback.back() = 1;
    EXPECT_EQ(parse_ipv6("::1"), loopback);
    EXPECT_EQ(parse_ipv6("0:0:0:0:0:0:0:1"), loopback);
    EXPECT_EQ(parse_ipv6("0000::0.0.0.1"), loopback);
    EXPECT_EQ(parse_ipv6("::"), IPv6Bytes{});
    EXPECT_EQ(parse_ipv6("2001:db8::8:800:200C:417a"),
              (IPv6Bytes{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 8, 8, 0, 0x20, 0x0c, 0x41, 0x7a}));
}

TEST(IPv6, RefusesEverythingElse) {
    for (std::string_view const text :
         {"", ":", ":::", "1", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
          "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "fe80::1%1",
          "[::1]", "::1.2.3", "1.2.3.4::", "::1.2.3.4:5", "::256.0.0.1"}) {
        EXPECT_FALSE(parse_ipv6(text)) << text;
    }
}

RC_GTEST_PROP(AddressProperty, AgreesWithLibc, ()) {
    auto const part = rc::gen::element<std::string>("0", "1", "ff", "fFfF", "127", "255", "256",
                                                    ":", ":", "::", ".", ".", "12345", "g", "");
    auto const parts = *rc::gen::container<std::vector<std::string>>(part);
    std::string text;
    for (auto const& piece : parts) {
        text += piece;
    }
    RC_ASSERT(parse_ipv4(text) == by_libc<IPv4Bytes>(AF_INET, text));
    RC_ASSERT(parse_ipv6(text) == by_libc<IPv6Bytes>(AF_INET6, text));
}

RC_GTEST_PROP(AddressProperty, ReadsWhatLibcWrites, (IPv6Bytes const& bytes)) {
    auto sparse = bytes;
    auto const keep = *rc::gen::inRange<std::size_t>(0, sparse.size() + 1);
    std::fill(sparse.begin(), sparse.begin() + static_cast<std::ptrdiff_t>(keep), std::uint8_t{0});
    char text[INET6_ADDRSTRLEN] = {};
    RC_ASSERT(inet_ntop(AF_INET6, sparse.data(), text, sizeof text) != nullptr);
    RC_ASSERT(parse_ipv6(text) == sparse);
}

}  // namespace
}  // namespace muster
