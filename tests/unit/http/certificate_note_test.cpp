#include <muster/http/certificate_note.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(CertificateNote, TellsOfTheLastFortnight) {
    WallTime const now(1'700'000'000'000ms);
    auto const note = [now](Millis left) { return certificate_note(now + left, now); };
    EXPECT_EQ(note(24h * 90), "");
    EXPECT_EQ(note(24h * 14), "");
    EXPECT_EQ(note(24h * 14 - 1ms), "certificate expires in 13 days");
    EXPECT_EQ(note(24h * 6 + 5h), "certificate expires in 6 days");
    EXPECT_EQ(note(24h), "certificate expires in 1 day");
    EXPECT_EQ(note(23h + 59min), "certificate expires in 23 hours");
    EXPECT_EQ(note(1ms), "certificate expires in 0 hours");
    EXPECT_EQ(note(0ms), "certificate expired 0 hours ago");
    EXPECT_EQ(note(-24h * 2 - 1h), "certificate expired 2 days ago");
}

}  // namespace
}  // namespace muster
