#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <muster/ports/event_bus.hpp>

namespace muster {

/// Whether a channel's name matches a pattern in which `*` stands for any run of characters.
[[nodiscard]] bool matches_channel(std::string_view pattern, std::string_view channel) noexcept;

/// The bus of one process: a message is delivered within publish(), on the publisher's thread, to
/// whoever is subscribed then. It remembers nothing, so it has no cursor. Subscribing and ending a
/// subscription are allowed on any thread, also from within `receive`; the latter waits for a call
/// of that subscription under way on another thread.
class InProcessBus final : public EventBus {
public:
    InProcessBus();
    ~InProcessBus() override;  // subscriptions may outlive it
    InProcessBus(InProcessBus const&) = delete;
    InProcessBus& operator=(InProcessBus const&) = delete;

    [[nodiscard]] Result<std::optional<Cursor>> cursor(std::string const& hub_id) override;
    /// Entries are left out: who reads streams within the process reads the journal.
    [[nodiscard]] Result<void> publish(BusBatch const& batch) override;
    [[nodiscard]] Result<void> announce(std::string const& hub_id,
                                        std::vector<BusMessage> const& messages) override;
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(
        std::string pattern, UniqueFunction<void(BusMessage const&)> receive) override;

private:
    struct Subscriber;
    struct Subscribers;
    class Ending;

    void deliver(std::vector<BusMessage> const& messages);

    std::shared_ptr<Subscribers> subscribers_;
};

}  // namespace muster
