#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/api/live.hpp>
#include <muster/memory/simulated_loop.hpp>

namespace muster {

/// A client whose frames are taken at once, unless it is stuck.
class FakeClient final : public LiveClient {
public:
    explicit FakeClient(SimulatedLoop& loop) : loop_(loop) {}

    void send(LiveFrame frame) override {
        EXPECT_FALSE(writing) << "one frame at a time";
        writing = true;
        whole.push_back(frame);
        frames.push_back(std::move(frame.text));
        times.push_back(loop_.now().steady);
        if (!stuck) {
            take_soon();
        }
    }

    /// The kernel took the frame.
    void take() {
        writing = false;
        session->sent();
    }
    /// The same, once the loop runs; a session that is gone by then is not told.
    void take_soon() {
        loop_.after(SteadyTime::duration(0), [this, alive = std::weak_ptr<bool>(alive_)] {
            if (!alive.expired() && writing) {
                take();
            }
        });
    }

    void say(std::string_view text) { session->received(text); }

    [[nodiscard]] std::string last() const { return frames.empty() ? "" : *frames.back(); }

    bool stuck{false};
    bool writing{false};
    std::vector<LiveFrame> whole;
    std::vector<SharedText> frames;
    std::vector<SteadyTime> times;
    std::unique_ptr<LiveSession> session;

private:
    SimulatedLoop& loop_;
    std::shared_ptr<bool> alive_{std::make_shared<bool>(true)};
};

}  // namespace muster
