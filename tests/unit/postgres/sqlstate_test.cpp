#include <muster/postgres/sqlstate.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(SqlState, OfADeadConnectionAsksForAnother) {
    for (auto const* state : {"08000", "08006", "25006", "57P01", "57P02", "57P03"}) {
        EXPECT_EQ(errc_of_sqlstate(state), Errc::unavailable) << state;
        EXPECT_TRUE(ends_session(state)) << state;
    }
}

TEST(SqlState, OfADeadTransactionAsksForAnother) {
    for (auto const* state : {"40001", "40P01", "55P03", "53300", "42501"}) {
        EXPECT_EQ(errc_of_sqlstate(state), Errc::unavailable) << state;
        EXPECT_FALSE(ends_session(state)) << state;
    }
    EXPECT_EQ(errc_of_sqlstate("57014"), Errc::timed_out);
    EXPECT_FALSE(ends_session("57014"));
}

TEST(SqlState, OfDataThatCannotBeStoredSaysSo) {
    for (auto const* state : {"22001", "22003", "22021", "23502", "23514"}) {
        EXPECT_EQ(errc_of_sqlstate(state), Errc::invalid) << state;
    }
}

TEST(SqlState, TellsWhatElseIsToBeDone) {
    EXPECT_EQ(errc_of_sqlstate("40003"), Errc::in_doubt);
    EXPECT_EQ(errc_of_sqlstate("53100"), Errc::full);
    EXPECT_EQ(errc_of_sqlstate("53200"), Errc::full);
    EXPECT_EQ(errc_of_sqlstate("42P07"), Errc::conflict);
    EXPECT_EQ(errc_of_sqlstate("XX001"), Errc::corrupt);
    EXPECT_EQ(errc_of_sqlstate("42601"), Errc::internal);
    EXPECT_EQ(errc_of_sqlstate(""), Errc::internal);
}

}  // namespace
}  // namespace muster
