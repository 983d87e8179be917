#pragma once

#include <memory>

#include <muster/api/message.hpp>
#include <muster/base/time.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/hub_commands.hpp>

namespace muster {

/// What a reload would do, planned once for all who ask while it is planned and for a second after:
/// anybody may ask, and it costs reading the file and planning the whole fleet. What is shared may
/// be that second older than the file. Lives on one loop; what it is given outlives it.
class SharedPlan {
public:
    static constexpr Millis kFresh{1000};

    SharedPlan(HubCommands& commands, Clock const& clock) : commands_(commands), clock_(clock) {}

    void ask(Reply reply);

    /// Something changes: who asks from now on is answered by a plan that is made from now on.
    void outdate() { round_.reset(); }

private:
    struct Round;

    HubCommands& commands_;
    Clock const& clock_;
    std::shared_ptr<Round> round_;  ///< Null: whoever asks begins one.
};

}  // namespace muster
