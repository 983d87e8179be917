#include <muster/monitoring/scheduler.hpp>

#include <algorithm>

namespace muster {
namespace {

constexpr std::uint32_t kArity = 4;

}  // namespace

Scheduler::Scheduler(Limits limits) : limits_(limits) {}

void Scheduler::add(Entry entry, Host host, SteadyTime due) {
    if (entry >= items_.size()) {
        items_.resize(entry + 1);
    }
    if (host >= hosts_.size()) {
        hosts_.resize(host + 1);
    }
    items_[entry] = Item{due, 0, host, State::absent};
    push(entry, due);
}

void Scheduler::remove(Entry entry) {
    if (entry >= items_.size()) {
        return;
    }
    auto& item = items_[entry];
    switch (item.state) {
        case State::absent:
            return;
        case State::waiting:
            erase(entry);
            break;
        case State::held_back: {
            auto& waiting = hosts_[item.host].waiting;
            waiting.erase(std::find(waiting.begin(), waiting.end(), entry));
            --held_back_;
            break;
        }
        case State::ready:
            ready_.erase(std::find(ready_.begin(), ready_.end(), entry));
            --held_back_;
            release(item.host);  // its place was kept
            break;
        case State::running:
            --running_;
            release(item.host);
            break;
    }
    item.state = State::absent;
}

void Scheduler::move(Entry entry, SteadyTime due) {
    if (entry < items_.size() && items_[entry].state == State::waiting) {
        erase(entry);
        push(entry, due);
    }
}

void Scheduler::take_due(SteadyTime now, std::vector<Start>& starts) {
    while (running_ < limits_.in_flight && !ready_.empty()) {
        auto const entry = ready_.front();
        ready_.pop_front();
        --held_back_;
        --hosts_[items_[entry].host].running;  // run() takes the place that was kept
        run(entry, starts);
    }
    while (running_ < limits_.in_flight && !heap_.empty()) {
        auto const entry = heap_.front();
        auto& item = items_[entry];
        if (item.due > now) {
            return;
        }
        erase(entry);
        if (host_is_full(item.host)) {
            item.state = State::held_back;
            hosts_[item.host].waiting.push_back(entry);
            ++held_back_;
        } else {
            run(entry, starts);
        }
    }
}

void Scheduler::finished(Entry entry, SteadyTime next_due) {
    auto& item = items_[entry];
    if (item.state != State::running) {
        return;
    }
    --running_;
    release(item.host);
    push(entry, next_due);
}

std::optional<SteadyTime> Scheduler::next_wake() const {
    if (running_ >= limits_.in_flight) {
        return std::nullopt;
    }
    if (!ready_.empty()) {
        return items_[ready_.front()].due;
    }
    if (heap_.empty()) {
        return std::nullopt;
    }
    return items_[heap_.front()].due;
}

void Scheduler::run(Entry entry, std::vector<Start>& starts) {
    auto& item = items_[entry];
    item.state = State::running;
    ++running_;
    if (item.host != kNoHost) {
        ++hosts_[item.host].running;
    }
    starts.push_back({entry, item.due});
}

bool Scheduler::host_is_full(Host host) const {
    return host != kNoHost && hosts_[host].running >= limits_.per_host;
}

/// A place at a host goes to the entry that has waited for it longest.
void Scheduler::release(Host number) {
    if (number == kNoHost) {
        return;
    }
    auto& host = hosts_[number];
    if (host.waiting.empty()) {
        --host.running;
        return;
    }
    auto const next = host.waiting.front();
    host.waiting.pop_front();
    items_[next].state = State::ready;
    ready_.push_back(next);
}

bool Scheduler::before(Entry left, Entry right) const {
    auto const& first = items_[left];
    auto const& second = items_[right];
    return first.due != second.due ? first.due < second.due : left < right;
}

void Scheduler::push(Entry entry, SteadyTime due) {
    auto& item = items_[entry];
    item.due = due;
    item.state = State::waiting;
    heap_.push_back(entry);
    auto const at = static_cast<std::uint32_t>(heap_.size() - 1);
    item.heap_at = at;
    sift_up(at);
}

void Scheduler::erase(Entry entry) {
    auto const at = items_[entry].heap_at;
    auto const last = heap_.back();
    heap_.pop_back();
    if (last == entry) {
        return;
    }
    place(at, last);
    sift_up(at);
    sift_down(items_[last].heap_at);
}

void Scheduler::place(std::uint32_t at, Entry entry) {
    heap_[at] = entry;
    items_[entry].heap_at = at;
}

void Scheduler::sift_up(std::uint32_t at) {
    auto const entry = heap_[at];
    while (at > 0) {
        auto const parent = (at - 1) / kArity;
        if (!before(entry, heap_[parent])) {
            break;
        }
        place(at, heap_[parent]);
        at = parent;
    }
    place(at, entry);
}

void Scheduler::sift_down(std::uint32_t at) {
    auto const entry = heap_[at];
    auto const size = static_cast<std::uint32_t>(heap_.size());
    for (;;) {
        auto const first = at * kArity + 1;
        if (first >= size) {
            break;
        }
        auto least = first;
        for (auto child = first + 1; child < std::min(first + kArity, size); ++child) {
            if (before(heap_[child], heap_[least])) {
                least = child;
            }
        }
        if (!before(heap_[least], entry)) {
            break;
        }
        place(at, heap_[least]);
        at = least;
    }
    place(at, entry);
}

}  // namespace muster
