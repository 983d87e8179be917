#include <muster/tls/hmac.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

// RFC 4231, sections 4.2, 4.3 and 4.7.
TEST(HmacSha256, GivesWhatTheStandardShows) {
    EXPECT_EQ(hmac_sha256(std::string(20, '\x0b'), "Hi There"),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(hmac_sha256("Jefe", "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hmac_sha256(std::string(131, '\xaa'),
                          "Test Using Larger Than Block-Size Key - Hash Key First"),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, TakesEmptyTexts) {
    EXPECT_EQ(hmac_sha256("", "").size(), 64U);
    EXPECT_NE(hmac_sha256("", ""), hmac_sha256("", "x"));
}

TEST(StretchedKey, DependsOnPasswordAndPurpose) {
    auto const key = stretched_key("password", "a");
    EXPECT_EQ(key.size(), 32U);
    EXPECT_EQ(stretched_key("password", "a"), key);
    EXPECT_NE(stretched_key("passwore", "a"), key);
    EXPECT_NE(stretched_key("password", "b"), key);
}

}  // namespace
}  // namespace muster
