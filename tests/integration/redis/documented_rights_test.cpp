// The rights that docs/events.md gives to the user of a hub and to that of a reader are enough.

#include <string>
#include <string_view>
#include <vector>

#include <muster/redis/redis_event_bus.hpp>
#include <muster/redis/stream_reader.hpp>
#include <muster/testing/documented_redis_user.hpp>

#include <integration/redis/redis_test.hpp>

namespace muster::testing {
namespace {

class DocumentedRights : public RedisTest {
protected:
    /// The address of a user with exactly those rights.
    RedisAddress let_in(std::string const& name) {
        auto const words = documented_redis_user(MUSTER_EVENTS_DOCUMENT, name);
        std::vector<std::string_view> command{"ACL", "SETUSER"};
        command.insert(command.end(), words.begin(), words.end());
        EXPECT_TRUE(ask(RedisCommands().add(command)).is_text("OK"));
        auto result = address();
        result.user = name;
        result.password = "PASSWORD";
        result.database = 1;
        return result;
    }

    /// What was refused to anybody.
    Texts refused() {
        Texts texts;
        for (auto const& item : ask({"ACL", "LOG"}).items) {
            for (std::size_t at = 0; at + 1 < item.items.size(); at += 2) {
                if (item.items[at].is_text("object")) {
                    texts.push_back(item.items[at + 1].text);
                }
            }
        }
        return texts;
    }
};

TEST_F(DocumentedRights, OfAHubLetItPublish) {
    auto options = bus_options();
    options.address = let_in("hub");
    RedisEventBus bus(options, clock_, log_);
    ASSERT_TRUE(bus.cursor("hub-main"));
    auto const published = bus.publish(batch(1, 2));
    ASSERT_TRUE(published) << published.error().message;
    ASSERT_TRUE(bus.announce("hub-main", {}));
    ASSERT_TRUE(bus.announce("hub-main", {{"hub.global.health", "{}"}}));
    // A cursor that is set back to none: the key is deleted.
    ASSERT_TRUE(bus.publish({"hub-main", {"journal", 2}, {}, {}, {}}));
    EXPECT_EQ(refused(), Texts{});
}

TEST_F(DocumentedRights, OfAReaderLetItReadAndCommit) {
    RedisStreamReader::Options options;
    options.address = let_in("reader");
    options.stream = "muster:health";
    options.group = "readers";
    options.consumer = "reader";
    options.wait = Millis(1);
    RedisCommands entry;
    entry.add({"SELECT", "1"}).add({"XADD", "muster:health", "*", "batch", "{}"});
    (void)ask(entry.add({"SET", "muster:lease", "ours"}));
    RedisStreamReader reader(options, {}, clock_, log_);
    for (bool again = true; again;) {
        auto batch = reader.read();
        ASSERT_TRUE(batch) << batch.error().message;
        if (!batch->entries.empty()) {
            reader.resume(reader.ledger());
            batch = reader.read();  // what is pending
            ASSERT_TRUE(batch) << batch.error().message;
            ASSERT_EQ(batch->entries.size(), 1U);
        }
        again = batch->changed;
        if (again) {
            RedisStreamReader::Commit commit;
            commit.effects.add({"SET", "muster:example:place", to_text(batch->after)});
            for (auto const& one : batch->entries) {
                commit.dead.push_back({one, "of no use"});
            }
            commit.fence = RedisStreamReader::Fence{"muster:lease", "ours"};
            auto const done = reader.commit(commit);
            ASSERT_TRUE(done) << done.error().message;
        }
    }
    EXPECT_EQ(reader.ledger().read, 1U);
    EXPECT_EQ(refused(), Texts{});
}

}  // namespace
}  // namespace muster::testing
