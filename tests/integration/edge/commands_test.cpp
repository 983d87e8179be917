// Commands that cross from one real loop to another, and what becomes of their answers.

#include <muster/edge/edge_commands.hpp>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/runtime/loop_thread.hpp>

namespace muster {
namespace {

/// A hub that answers removals at once and keeps everything else until it is told.
class HubStub final : public HubCommands {
public:
    void reload(ReloadDone done) override { kept.push_back(std::move(done)); }
    void plan(ReloadDone done) override { kept.push_back(std::move(done)); }
    void register_service(ServiceSpec spec, ServiceDone done) override {
        RegisteredService answer;
        answer.service.spec = std::move(spec);
        done(std::move(answer));
    }
    void replace_service(ServiceId id, ServiceSpec spec, ServiceDone done) override {
        RegisteredService answer;
        answer.service.id = id;
        answer.service.spec = std::move(spec);
        done(std::move(answer));
    }
    void remove_service(ServiceId, Done done) override {
        thread = std::this_thread::get_id();
        done({});
    }
    void check_now(ServiceId, Wait, CheckDone done) override { done(std::nullopt); }
    void add_window(MaintenanceSpec spec, WindowDone done) override {
        Maintenance window;
        window.spec = std::move(spec);
        done(std::move(window));
    }
    void remove_window(MaintenanceId, Done done) override {
        done(failure(Errc::not_found, "no such window"));
    }

    std::vector<ReloadDone> kept;
    std::thread::id thread;
};

class EdgeCommandsTest : public ::testing::Test {
protected:
    static void failed(std::string const& error) { ADD_FAILURE() << error; }

    /// Runs `work` on a loop and waits for it.
    template <class Work>
    static void on(LoopThread& thread, Work work) {
        std::promise<void> done;
        thread.loop().post([&] {
            work();
            done.set_value();
        });
        done.get_future().wait();
    }

    /// What a command was answered, and on which thread.
    template <class Value, class Call>
    std::pair<Result<Value>, std::thread::id> ask(Call call) {
        std::promise<std::pair<Result<Value>, std::thread::id>> answered;
        edge.loop().post([&] {
            call(commands, [&answered](Result<Value> result) {
                answered.set_value({std::move(result), std::this_thread::get_id()});
            });
        });
        return answered.get_future().get();
    }

    LoopThread edge{"edge", failed};
    LoopThread hub{"hub", failed};
    HubStub stub;
    EdgeCommands commands{edge.loop(), hub.loop(), 2};
};

TEST_F(EdgeCommandsTest, AreCarriedOutOnTheHubsLoopAndAnsweredOnTheEdges) {
    on(hub, [this] { commands.connect(&stub); });
    auto const [result, thread] = ask<void>(
        [](HubCommands& to, auto done) { to.remove_service(ServiceId{1}, std::move(done)); });
    EXPECT_TRUE(result);
    std::thread::id edge_thread;
    std::thread::id hub_thread;
    on(edge, [&] { edge_thread = std::this_thread::get_id(); });
    on(hub, [&] { hub_thread = std::this_thread::get_id(); });
    EXPECT_EQ(thread, edge_thread);
    EXPECT_EQ(stub.thread, hub_thread);
}

TEST_F(EdgeCommandsTest, BringValuesThereAndErrorsBack) {
    on(hub, [this] { commands.connect(&stub); });
    auto const registered = ask<RegisteredService>([](HubCommands& to, auto done) {
        ServiceSpec spec;
        spec.name = "db";
        to.replace_service(ServiceId{7}, std::move(spec), std::move(done));
    });
    ASSERT_TRUE(registered.first);
    EXPECT_EQ(registered.first->service.id, ServiceId{7});
    EXPECT_EQ(registered.first->service.spec.name, "db");
    auto const refused = ask<void>(
        [](HubCommands& to, auto done) { to.remove_window(MaintenanceId{1}, std::move(done)); });
    ASSERT_FALSE(refused.first);
    EXPECT_EQ(refused.first.error().code, Errc::not_found);
}

TEST_F(EdgeCommandsTest, AreRefusedBeforeThereIsAHubAndWhenTooManyWait) {
    auto const early = ask<void>(
        [](HubCommands& to, auto done) { to.remove_service(ServiceId{1}, std::move(done)); });
    EXPECT_EQ(early.first.error().code, Errc::unavailable);
    on(hub, [this] { commands.connect(&stub); });
    on(edge, [this] {
        commands.reload([](Result<ReloadReport> const&) {});
        commands.reload([](Result<ReloadReport> const&) {});
    });
    auto const late =
        ask<ReloadReport>([](HubCommands& to, auto done) { to.plan(std::move(done)); });
    EXPECT_EQ(late.first.error().code, Errc::full);
    on(edge, [this] { EXPECT_EQ(commands.refused(), 1U); });
    // Room again once they are answered.
    on(hub, [this] {
        for (auto& done : stub.kept) {
            done(ReloadReport{});
        }
        stub.kept.clear();
    });
    on(edge, [] {});
    EXPECT_TRUE(ask<void>([](HubCommands& to, auto done) {
                    to.remove_service(ServiceId{1}, std::move(done));
                }).first);
}

TEST_F(EdgeCommandsTest, AreAnsweredWhenTheHubDropsThem) {
    on(hub, [this] { commands.connect(&stub); });
    std::promise<Result<ReloadReport>> answered;
    on(edge, [&] {
        commands.reload(
            [&](Result<ReloadReport> result) { answered.set_value(std::move(result)); });
    });
    on(hub, [this] { stub.kept.clear(); });
    auto const result = answered.get_future().get();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::unavailable);
}

}  // namespace
}  // namespace muster
