#include <muster/base/crc32c.hpp>

#include <array>
#include <cstddef>
#include <string_view>

#include <gtest/gtest.h>

#include <muster/base/bytes.hpp>

namespace muster {
namespace {

using Block = std::array<std::byte, 32>;

Block filled(std::byte value) {
    Block block;
    block.fill(value);
    return block;
}

// The vectors of RFC 3720 appendix B.4.
TEST(Crc32c, OfZeros) {
    EXPECT_EQ(crc32c(filled(std::byte{0})), 0x8a9136aaU);
}

TEST(Crc32c, OfOnes) {
    EXPECT_EQ(crc32c(filled(std::byte{0xff})), 0x62a8ab43U);
}

TEST(Crc32c, OfRisingAndFallingBytes) {
    Block rising;
    Block falling;
    for (std::size_t index = 0; index < rising.size(); ++index) {
        rising[index] = static_cast<std::byte>(index);
        falling[rising.size() - 1 - index] = static_cast<std::byte>(index);
    }
    EXPECT_EQ(crc32c(rising), 0x46dd794eU);
    EXPECT_EQ(crc32c(falling), 0x113fdb5cU);
}

TEST(Crc32c, OfAScsiReadCommand) {
    constexpr unsigned char kCommand[] = {
        0x01, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00,
        0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x18, 0x28, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00};
    EXPECT_EQ(crc32c(std::as_bytes(std::span(kCommand))), 0xd9963a56U);
}

TEST(Crc32c, OfTheUsualCheckText) {
    EXPECT_EQ(crc32c(as_byte_view("123456789")), 0xe3069283U);
    EXPECT_EQ(crc32c({}), 0U);
}

}  // namespace
}  // namespace muster
