// Whom a name means: who is there, or the last who was.

#include <contract/store_under_test.hpp>

namespace muster::testing {
namespace {

class StoreNames : public StoreContract {
public:
    OnceNamed named(std::string const& project, std::string const& service = {}) {
        return under_test->reader("hub-main")->once_named(project, service).value();
    }
};

INSTANTIATE_TEST_SUITE_P(Stores, StoreNames, ::testing::ValuesIn(stores_under_test()),
                         name_of_store);

TEST_P(StoreNames, FindWhoIsThere) {
    EXPECT_EQ(named("shop"), (OnceNamed{shop.id, {}}));
    EXPECT_EQ(named("shop", "db"), (OnceNamed{shop.id, db.id}));
    EXPECT_EQ(named("blog", "app"), (OnceNamed{blog.id, posts.id}));
    EXPECT_EQ(named("", "db"), (OnceNamed{{}, db.id}));
}

TEST_P(StoreNames, LeaveOutWhatNeverWas) {
    EXPECT_EQ(named("shopp"), OnceNamed{});
    EXPECT_EQ(named("shopp", "app"), OnceNamed{});
    EXPECT_EQ(named("blog", "db"), (OnceNamed{blog.id, {}}));
    EXPECT_EQ(named("", "d"), OnceNamed{});
    EXPECT_EQ(named("", ""), OnceNamed{});
    EXPECT_EQ(under_test->reader("hub-other")->once_named("shop", "").value(), OnceNamed{});
}

TEST_P(StoreNames, FindWhoWasRemoved) {
    story.tell(ServiceRemoved{app.id, "shop", "app", kStart + 1s});
    story.tell(ServiceRemoved{db.id, "shop", "db", kStart + 1s});
    story.tell(ProjectRemoved{shop.id, "shop", kStart + 1s});
    append();
    EXPECT_EQ(named("shop", "db"), (OnceNamed{shop.id, db.id}));
    EXPECT_EQ(named("", "db"), (OnceNamed{{}, db.id}));
}

TEST_P(StoreNames, RatherFindWhoIsThereThanWhoWas) {
    story.tell(ServiceRemoved{db.id, "shop", "db", kStart + 1s});
    auto const again = a_service(7, shop, "db");
    story.tell(ServiceChanged{again, true});
    append();
    EXPECT_EQ(named("shop", "db").service, again.id);
    story.tell(ServiceRemoved{again.id, "shop", "db", kStart + 2s});
    append();
    EXPECT_EQ(named("shop", "db").service, again.id) << "the one removed last";
}

}  // namespace
}  // namespace muster::testing
