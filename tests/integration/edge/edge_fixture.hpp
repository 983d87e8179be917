#pragma once

#include <array>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <integration/edge/raw_client.hpp>
#include <integration/edge/websocket_client.hpp>
#include <muster/api/answers.hpp>
#include <muster/api/assets.hpp>
#include <muster/api/read_routes.hpp>
#include <muster/api/status_feed.hpp>
#include <muster/api/stream_feed.hpp>
#include <muster/edge/edge_broadcaster.hpp>
#include <muster/edge/edge_server.hpp>
#include <muster/edge/peer.hpp>
#include <muster/runtime/loop_thread.hpp>
#include <muster/runtime/system_clock.hpp>
#include <muster/runtime/thread_lane.hpp>

namespace muster {

class SilentLog final : public Log {
public:
    void write(LogLevel /*level*/, std::string_view /*part*/,
               std::string_view /*message*/) override {}
};

/// A whole edge on a loop of its own, with the real read routes and a few for the test:
/// `/echo/{text}` and POST `/echo` give back what they get, `/later` is answered when `/now` is
/// asked, `/big` is eight megabytes, `/never` is never answered, `/page.css` is a file of the page.
class Edge {
public:
    static constexpr std::size_t kBigBytes = 8U << 20U;
    static constexpr std::size_t kPageBytes = 20'000;

    explicit Edge(EdgeOptions options = {}, Origins origins = Origins({"*"}), ReadGuard guard = {})
        : router_(clock_, std::move(origins)) {
        router_.set_read_guard(std::move(guard));
        add_read_routes(router_, {model_, history_, clock_, clock_.now().steady});
        add_test_routes();
        if (options.listen.empty()) {
            options.listen = {{"127.0.0.1", 0}};
        }
        on_loop([this, &options] {
            feed_ = std::make_unique<StatusFeed>(model_, loop(), clock_);
            health_feed_ = std::make_unique<HealthFeed>(model_, clock_);
            stream_feed_ = std::make_unique<StreamFeed>(*feed_, *health_feed_);
            router_.add_feed("/ws/status", *feed_);
            router_.add_feed("/ws", *feed_);
            router_.add_feed("/ws/health", *health_feed_);
            add_stream_route(router_, *stream_feed_);
            encode_lane_ = std::make_unique<ThreadLane>(loop(), ThreadLane::Options{"encode", 16});
            server_ = std::make_unique<EdgeServer>(loop(), clock_, log_, router_, options,
                                                   encode_lane_.get());
        });
        broadcaster_ = std::make_unique<EdgeBroadcaster>(loop(), model_, *feed_, *health_feed_);
        auto const bound = server_->listen();
        EXPECT_TRUE(bound) << (bound ? "" : bound.error().message);
        bound_ = bound.value_or(std::vector<HostPort>{{"", 0}});
    }

    ~Edge() {
        stop(0ms);
        on_loop([this] {
            waiting_.clear();
            server_.reset();
            stream_feed_.reset();
            health_feed_.reset();
            encode_lane_.reset();
            feed_.reset();
        });
    }
    Edge(Edge const&) = delete;
    Edge& operator=(Edge const&) = delete;

    [[nodiscard]] std::uint16_t port() const { return bound_.front().port; }
    [[nodiscard]] Loop& loop() { return thread_.loop(); }
    [[nodiscard]] EdgeServer& server() { return *server_; }
    /// For the loop.
    [[nodiscard]] ThreadLane& encode_lane() { return *encode_lane_; }
    [[nodiscard]] EdgeBroadcaster& broadcaster() { return *broadcaster_; }

    /// Runs `function` on the loop and waits for it.
    template <class Function>
    void on_loop(Function function) {
        std::promise<void> done;
        loop().post([&] {
            function();
            done.set_value();
        });
        done.get_future().wait();
    }

    /// For behaviour that is about the passing of time.
    void let_pass(Millis time) {
        std::promise<void> over;
        std::unique_ptr<Timer> timer;
        on_loop([&] {
            timer = loop().make([&] { over.set_value(); });
            timer->arm(clock_.now().steady + time);
        });
        over.get_future().wait();
        on_loop([&] { timer.reset(); });
    }

    [[nodiscard]] EdgeCounters counters() {
        EdgeCounters counters;
        on_loop([&] { counters = server_->counters(); });
        return counters;
    }
    [[nodiscard]] std::size_t connections() {
        std::size_t connections = 0;
        on_loop([&] { connections = server_->connections(); });
        return connections;
    }

    /// Starts to stop; the future says when it is done.
    std::future<void> begin_stop(Millis limit) {
        auto done = std::make_shared<std::promise<void>>();
        auto future = done->get_future();
        server_->stop(limit, [done] { done->set_value(); });
        stopped_ = true;
        return future;
    }
    void stop(Millis limit) {
        if (!stopped_) {
            begin_stop(limit).wait();
        }
    }

    /// Shows `count` projects, `project-1` first, all of this status.
    void show(int count, HealthStatus status) {
        FleetDelta delta;
        for (int index = 1; index <= count; ++index) {
            ProjectView view;
            view.id = ProjectId{index};
            view.name = "project-" + std::to_string(index);
            view.status = status;
            delta.projects.push_back(std::move(view));
        }
        broadcaster_->publish(std::move(delta));
    }

    /// Shows service `id`, `app` of `project-<id>`, as having changed to `status`.
    void change(std::int64_t id, HealthStatus from, HealthStatus status) {
        auto service = std::make_shared<Service>();
        service->id = ServiceId{id};
        service->project_id = ProjectId{id};
        service->spec.project = "project-" + std::to_string(id);
        service->spec.name = "app";
        FleetDelta delta;
        ProjectView project;
        project.id = service->project_id;
        project.name = service->spec.project;
        project.status = status;
        delta.projects.push_back(std::move(project));
        ServiceView row;
        row.id = service->id;
        row.project_id = service->project_id;
        row.project = service->spec.project;
        row.name = service->spec.name;
        row.status = status;
        delta.services.push_back(row);
        Transition transition;
        transition.service = row.id;
        transition.project = row.project;
        transition.name = row.name;
        transition.from = from;
        transition.to = status;
        delta.transitions.push_back(std::move(transition));
        if (from == HealthStatus::unknown) {
            delta.registered.push_back(std::move(service));
        }
        broadcaster_->publish(std::move(delta));
    }

    /// Who may read from now on.
    void guard_reads(ReadGuard guard) {
        on_loop([this, &guard] { router_.set_read_guard(std::move(guard)); });
    }

    [[nodiscard]] HealthFeed::Counters health_counters() {
        HealthFeed::Counters counters;
        on_loop([&] { counters = health_feed_->counters(); });
        return counters;
    }
    [[nodiscard]] LivePosition position() {
        LivePosition position;
        on_loop([&] { position = health_feed_->position(); });
        return position;
    }

private:
    void add_test_routes() {
        auto const now = [this] { return router_.now(); };
        router_.add(Method::get, "/echo/{text}", [now](Request const& request) {
            return answer('"' + std::string(request.parameter("text")) + '"', now());
        });
        router_.add(Method::post, "/echo",
                    [](Request const& request) { return answer_plain(200, request.body); });
        router_.add(Method::get, "/big", [big = big_](Request const&) {
            Response response;
            response.body.shared = big;
            return response;
        });
        add_assets(router_, std::array{Asset{"/page.css", "text/css", page_, "\"page\""}});
        router_.add_later(Method::get, "/later", [this](Request const&, Reply reply) {
            waiting_.push_back(std::move(reply));
        });
        router_.add_later(Method::get, "/never", [this](Request const&, Reply reply) {
            never_.push_back(std::move(reply));
        });
        router_.add(Method::get, "/now", [this](Request const&) {
            for (auto& reply : std::exchange(waiting_, {})) {
                reply(answer_plain(200, "{\"late\":true}"));
            }
            return answer_plain(200, "{}");
        });
    }

    SystemClock clock_;
    SilentLog log_;
    std::string const page_ = std::string(kPageBytes, 'x');
    SharedText big_{std::make_shared<std::string const>(kBigBytes, 'x')};
    ReadModel model_;
    HistoryQueries history_{{}, clock_};
    Router router_;
    std::vector<Reply> waiting_;
    std::vector<Reply> never_;
    LoopThread thread_{"edge", [](std::string const& what) { ADD_FAILURE() << what; }};
    std::unique_ptr<StatusFeed> feed_;
    std::unique_ptr<HealthFeed> health_feed_;
    std::unique_ptr<StreamFeed> stream_feed_;
    std::unique_ptr<ThreadLane> encode_lane_;
    std::unique_ptr<EdgeServer> server_;
    std::unique_ptr<EdgeBroadcaster> broadcaster_;
    std::vector<HostPort> bound_;
    bool stopped_{false};
};

}  // namespace muster
