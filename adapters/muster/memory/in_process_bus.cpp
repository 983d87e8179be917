#include <muster/memory/in_process_bus.hpp>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace muster {

/// One who listens. Held by the bus, by the subscription, and by a delivery under way.
struct InProcessBus::Subscriber {
    std::string pattern;
    UniqueFunction<void(BusMessage const&)> receive;
    std::recursive_mutex
        mutex;          // held during a call; recursive: a call may end its own subscription
    bool ended{false};  // guarded by mutex
};

struct InProcessBus::Subscribers {
    std::mutex mutex;
    std::vector<std::shared_ptr<Subscriber>> all;  // guarded by mutex; in order of subscribing
};

class InProcessBus::Ending final : public EventBus::Subscription {
public:
    Ending(std::shared_ptr<Subscribers> subscribers, std::shared_ptr<Subscriber> subscriber)
        : subscribers_(std::move(subscribers)), subscriber_(std::move(subscriber)) {}
    Ending(Ending const&) = delete;
    Ending& operator=(Ending const&) = delete;

    ~Ending() override {
        {
            std::lock_guard const lock(subscribers_->mutex);
            auto& all = subscribers_->all;
            all.erase(std::remove(all.begin(), all.end(), subscriber_), all.end());
        }
        std::lock_guard const lock(subscriber_->mutex);
        subscriber_->ended = true;
    }

private:
    std::shared_ptr<Subscribers> subscribers_;
    std::shared_ptr<Subscriber> subscriber_;
};

bool matches_channel(std::string_view pattern, std::string_view channel) noexcept {
    // On a mismatch only the last star needs to take one character more.
    std::size_t at = 0;
    std::size_t in = 0;
    std::size_t star = std::string_view::npos;
    std::size_t taken_up_to = 0;
    while (in < channel.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            taken_up_to = in;
        } else if (at < pattern.size() && pattern[at] == channel[in]) {
            ++at;
            ++in;
        } else if (star != std::string_view::npos) {
            at = star + 1;
            in = ++taken_up_to;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

InProcessBus::InProcessBus() : subscribers_(std::make_shared<Subscribers>()) {}

InProcessBus::~InProcessBus() = default;

Result<std::optional<Cursor>> InProcessBus::cursor(std::string const&) {
    return std::optional<Cursor>();
}

Result<void> InProcessBus::publish(BusBatch const& batch) {
    deliver(batch.messages);
    return {};
}

Result<void> InProcessBus::announce(std::string const&, std::vector<BusMessage> const& messages) {
    deliver(messages);
    return {};
}

void InProcessBus::deliver(std::vector<BusMessage> const& messages) {
    std::vector<std::shared_ptr<Subscriber>> listening;
    {
        std::lock_guard const lock(subscribers_->mutex);
        listening = subscribers_->all;
    }
    for (auto const& message : messages) {
        for (auto const& subscriber : listening) {
            if (!matches_channel(subscriber->pattern, message.channel)) {
                continue;
            }
            std::lock_guard const lock(subscriber->mutex);
            if (!subscriber->ended) {
                subscriber->receive(message);
            }
        }
    }
}

std::unique_ptr<EventBus::Subscription> InProcessBus::subscribe(
    std::string pattern, UniqueFunction<void(BusMessage const&)> receive) {
    auto subscriber = std::make_shared<Subscriber>();
    subscriber->pattern = std::move(pattern);
    subscriber->receive = std::move(receive);
    {
        std::lock_guard const lock(subscribers_->mutex);
        subscribers_->all.push_back(subscriber);
    }
    return std::make_unique<Ending>(subscribers_, std::move(subscriber));
}

}  // namespace muster
