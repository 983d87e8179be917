#include <muster/config/known_keys.hpp>

#include <algorithm>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace muster::config {
namespace {

TEST(KnownKeys, KnowsWhatIsBuiltPlannedAndNeither) {
    EXPECT_EQ(state_of(Section::service, "interval"), KeyState::built);
    EXPECT_EQ(state_of(Section::service, "command"), KeyState::planned);
    EXPECT_EQ(state_of(Section::service, "healthPath"), std::nullopt);
    EXPECT_EQ(state_of(Section::probe, "redis"), KeyState::planned);
    EXPECT_EQ(state_of(Section::weekly, "zone"), KeyState::built);
    EXPECT_EQ(state_of(Section::file, "zone"), std::nullopt);
}

TEST(KnownKeys, NamesOnlyBuiltOnes) {
    EXPECT_EQ(built_keys(Section::hub),
              (std::vector<std::string_view>{"id", "listen", "hosts", "shards"}));
    EXPECT_EQ(built_keys(Section::auth),
              (std::vector<std::string_view>{"token", "reads", "probe"}));
}

}  // namespace
}  // namespace muster::config
