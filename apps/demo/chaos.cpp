#include <demo/chaos.hpp>

namespace muster::demo {

void ChaosSwitch::set(Chaos const& order, SteadyTime now) {
    order_ = order;
    until_ = order.lasts ? std::optional{now + *order.lasts} : std::nullopt;
}

Chaos ChaosSwitch::at(SteadyTime now) const {
    if (!until_) {
        return order_;
    }
    if (now >= *until_) {
        return {};
    }
    auto chaos = order_;
    chaos.lasts = std::chrono::ceil<Millis>(*until_ - now);
    return chaos;
}

std::uint64_t HeldRequests::round() const {
    auto const lock = std::lock_guard{mutex_};
    return round_;
}

HeldRequests::Ended HeldRequests::hold(std::uint64_t round, std::optional<Millis> how_long) {
    auto lock = std::unique_lock{mutex_};
    if (closed_) {
        return Ended::closing;
    }
    if (round != round_) {
        return Ended::in_time;
    }
    if (waiting_.size() == limit_) {
        waiting_.front()->ended = Ended::crowded;
        waiting_.pop_front();
        changed_.notify_all();
    }
    auto self = Waiter{};
    auto const place = waiting_.insert(waiting_.end(), &self);
    auto const let_go = [&self] { return self.ended.has_value(); };
    if (!how_long) {
        changed_.wait(lock, let_go);
    } else if (!changed_.wait_for(lock, *how_long, let_go)) {
        waiting_.erase(place);
        return Ended::in_time;
    }
    return *self.ended;
}

void HeldRequests::release() {
    auto const lock = std::lock_guard{mutex_};
    ++round_;
    let_everybody_go(Ended::in_time);
}

void HeldRequests::close() {
    auto const lock = std::lock_guard{mutex_};
    closed_ = true;
    let_everybody_go(Ended::closing);
}

std::size_t HeldRequests::waiting() const {
    auto const lock = std::lock_guard{mutex_};
    return waiting_.size();
}

void HeldRequests::let_everybody_go(Ended why) {
    for (auto* waiter : waiting_) {
        waiter->ended = why;
    }
    waiting_.clear();
    changed_.notify_all();
}

}  // namespace muster::demo
