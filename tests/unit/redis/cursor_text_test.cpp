#include <muster/redis/cursor_text.hpp>

#include <limits>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(CursorText, ReadsBack) {
    Cursor const cursor{"0b5c8f6e-7c1d-4a39-9f21-5b2f0d1f2a3b",
                        std::numeric_limits<std::uint64_t>::max()};
    EXPECT_EQ(cursor_text(cursor), "0b5c8f6e-7c1d-4a39-9f21-5b2f0d1f2a3b:18446744073709551615");
    EXPECT_EQ(parse_cursor(cursor_text(cursor)), cursor);
    EXPECT_EQ(cursor_text(Cursor{}), "");
}

TEST(CursorText, IsNotWhateverSomebodyPutThere) {
    for (auto const* text : {"", "x", ":1", "id:", "id:-1", "id:1x", "id:18446744073709551616"}) {
        EXPECT_FALSE(parse_cursor(text)) << text;
    }
}

}  // namespace
}  // namespace muster
