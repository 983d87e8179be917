#include <muster/edge/gzip.hpp>

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include <unit/edge/gunzip.hpp>

namespace muster {
namespace {

/// Text that does not repeat itself.
std::string noise(std::size_t size) {
    std::string text;
    std::uint64_t state = 88'172'645'463'325'252U;
    while (text.size() < size) {
        state ^= state << 13U;
        state ^= state >> 7U;
        state ^= state << 17U;
        text += static_cast<char>(state & 0xFFU);
    }
    return text;
}

TEST(Gzip, PacksThePiecesOfABodyInTheirOrder) {
    Body body;
    body.head = "head,";
    body.shared = std::make_shared<std::string const>(std::string(5'000'000, 'x'));
    body.tail = ",tail";
    auto const packed = gzip(body);
    ASSERT_TRUE(packed);
    EXPECT_LT(packed->size(), 100'000U);
    EXPECT_EQ(gunzip(*packed), body.text());
}

TEST(Gzip, TakesBodiesOfAnyLength) {
    auto const nothing = gzip(Body{}).value();
    EXPECT_FALSE(nothing.empty()) << "an empty one is a gzip too";
    EXPECT_EQ(gunzip(nothing), "");
    for (std::size_t const size :
         {1U, 16'383U, 16'384U, 16'385U, 100'000U, 1'048'575U, 1'048'576U}) {
        Body body;
        body.tail = noise(size);
        EXPECT_EQ(gunzip(gzip(body).value()), body.tail) << size;
    }
}

}  // namespace
}  // namespace muster
