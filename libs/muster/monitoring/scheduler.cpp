#include <muster/monitoring/scheduler.hpp>

#include <algorithm>
#include <utility>

namespace muster {
namespace {

constexpr std::uint32_t kArity = 4;

}  // namespace

Scheduler::Scheduler(Limits limits) : limits_(limits) {}

void Scheduler::set_limits(Limits limits) {
    recall_promises();
    limits_ = limits;
    for (auto& host : hosts_) {
        host.cap = limits_.per_host;
    }
    promise_again();
}

void Scheduler::set_group_cap(Group group, std::uint32_t cap) {
    grow_groups(group);
    recall_promises();
    groups_[group].cap = cap;
    promise_again();
}

void Scheduler::add(Entry entry, Host host, SteadyTime due, Group group) {
    if (entry >= items_.size()) {
        items_.resize(entry + 1);
        heap_at_.resize(entry + 1);
    }
    if (host >= hosts_.size()) {
        hosts_.resize(host + 1, Load{limits_.per_host, 0, {}});
    }
    grow_groups(group);
    items_[entry] = Item{due, 0, host, group, State::absent};
    push(entry, due);
}

void Scheduler::remove(Entry entry) {
    if (entry >= items_.size()) {
        return;
    }
    auto& item = items_[entry];
    auto const was = std::exchange(item.state, State::absent);
    switch (was) {
        case State::absent:
            return;
        case State::waiting:
            erase(entry);
            break;
        case State::held_back:
            leave_line(entry);
            --held_back_;
            break;
        case State::ready:
            ready_.erase(std::find(ready_.begin(), ready_.end(), entry));
            --held_back_;
            give_back_places(item);  // they were kept
            break;
        case State::running:
            --running_;
            give_back_places(item);
            break;
    }
}

void Scheduler::move(Entry entry, SteadyTime due) {
    if (entry < items_.size() && items_[entry].state == State::waiting) {
        erase(entry);
        push(entry, due);
    }
}

void Scheduler::set_group(Entry entry, Group group) {
    auto& item = items_[entry];
    if (item.group == group) {
        return;
    }
    grow_groups(group);
    recall_promises();
    if (item.state == State::held_back) {
        leave_line(entry);
        item.group = group;
        hold_back(entry);
    } else {
        auto const old = std::exchange(item.group, group);
        if (item.state == State::running && group != kNoGroup) {
            ++groups_[group].running;
        }
        if (item.state == State::running && old != kNoGroup) {
            --groups_[old].running;
        }
    }
    promise_again();
}

void Scheduler::take_due(SteadyTime now, std::vector<Start>& starts) {
    while (running_ < limits_.in_flight && !ready_.empty()) {
        auto const entry = ready_.front();
        ready_.pop_front();
        --held_back_;
        run(entry, starts);
    }
    while (running_ < limits_.in_flight && !heap_.empty()) {
        auto const [due, entry] = heap_.front();
        if (due > now) {
            return;
        }
        auto& item = items_[entry];
        erase(entry);
        if (has_room(caps_of(item.host, item.group))) {
            take_places(item);
            run(entry, starts);
        } else {
            item.turn = ++turns_;
            ++held_back_;
            hold_back(entry);
        }
    }
}

void Scheduler::finished(Entry entry, SteadyTime next_due) {
    auto& item = items_[entry];
    if (item.state != State::running) {
        return;
    }
    --running_;
    push(entry, next_due);
    give_back_places(item);
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
    return heap_.front().due;
}

/// Its places under the caps are taken already.
void Scheduler::run(Entry entry, std::vector<Start>& starts) {
    auto& item = items_[entry];
    item.state = State::running;
    ++running_;
    starts.push_back({entry, item.due});
}

Scheduler::Caps Scheduler::caps_of(Host host, Group group) {
    return {host == kNoHost ? nullptr : &hosts_[host],
            group == kNoGroup ? nullptr : &groups_[group]};
}

bool Scheduler::has_room(Caps const& caps) noexcept {
    return std::none_of(caps.begin(), caps.end(),
                        [](Load const* cap) { return cap != nullptr && cap->full(); });
}

std::uint64_t Scheduler::line_key(Host host, Group group) noexcept {
    return (static_cast<std::uint64_t>(host) << 32U) | group;
}

void Scheduler::grow_groups(Group group) {
    if (group >= groups_.size()) {
        groups_.resize(group + 1, Load{kNoCap, 0, {}});
    }
}

/// In the turn that the entry has.
void Scheduler::hold_back(Entry entry) {
    auto& item = items_[entry];
    item.state = State::held_back;
    auto const [found, is_new] = lines_.try_emplace(line_key(item.host, item.group));
    auto& line = found->second;
    if (is_new) {
        line.host = item.host;
        line.group = item.group;
    } else {
        delist(line);
    }
    auto const place = std::upper_bound(
        line.entries.begin(), line.entries.end(), item.turn,
        [this](std::uint64_t turn, Entry other) { return turn < items_[other].turn; });
    line.entries.insert(place, entry);
    enlist(line);
}

void Scheduler::leave_line(Entry entry) {
    auto const found = lines_.find(line_key(items_[entry].host, items_[entry].group));
    auto& line = found->second;
    delist(line);
    line.entries.erase(std::find(line.entries.begin(), line.entries.end(), entry));
    if (line.entries.empty()) {
        lines_.erase(found);
    } else {
        enlist(line);
    }
}

void Scheduler::enlist(Line& line) {
    for (auto* const cap : caps_of(line.host, line.group)) {
        if (cap != nullptr) {
            cap->lines.emplace(items_[line.entries.front()].turn, &line);
        }
    }
}

void Scheduler::delist(Line const& line) {
    for (auto* const cap : caps_of(line.host, line.group)) {
        if (cap != nullptr) {
            cap->lines.erase(items_[line.entries.front()].turn);
        }
    }
}

void Scheduler::take_places(Item const& item) {
    for (auto* const cap : caps_of(item.host, item.group)) {
        if (cap != nullptr) {
            ++cap->running;
        }
    }
}

void Scheduler::give_back_places(Item const& item) {
    auto const caps = caps_of(item.host, item.group);
    for (auto* const cap : caps) {
        if (cap != nullptr) {
            --cap->running;
        }
    }
    for (auto* const cap : caps) {
        if (cap != nullptr) {
            serve(*cap);
        }
    }
}

/// Places go to those who have waited longest, as far as their other cap lets them.
void Scheduler::serve(Load& cap) {
    auto at = cap.lines.begin();
    while (!cap.full() && at != cap.lines.end()) {
        auto const& line = *at->second;
        if (!has_room(caps_of(line.host, line.group))) {
            ++at;
            continue;
        }
        auto const entry = line.entries.front();
        leave_line(entry);
        make_ready(entry);
        at = cap.lines.begin();
    }
}

void Scheduler::make_ready(Entry entry) {
    take_places(items_[entry]);
    items_[entry].state = State::ready;
    ready_.push_back(entry);
}

/// Before caps change: whoever was promised a place waits for it again, in its old turn.
void Scheduler::recall_promises() {
    for (auto const entry : std::exchange(ready_, {})) {
        for (auto* const cap : caps_of(items_[entry].host, items_[entry].group)) {
            if (cap != nullptr) {
                --cap->running;
            }
        }
        hold_back(entry);
    }
}

void Scheduler::promise_again() {
    if (auto const line = lines_.find(line_key(kNoHost, kNoGroup)); line != lines_.end()) {
        for (auto const entry : std::exchange(line->second.entries, {})) {
            make_ready(entry);
        }
        lines_.erase(line);
    }
    if (lines_.empty()) {
        return;
    }
    for (auto* const loads : {&hosts_, &groups_}) {
        for (auto& cap : *loads) {
            serve(cap);
        }
    }
}

void Scheduler::push(Entry entry, SteadyTime due) {
    auto& item = items_[entry];
    item.due = due;
    item.state = State::waiting;
    heap_.push_back({due, entry});
    sift_up(static_cast<std::uint32_t>(heap_.size() - 1));
}

void Scheduler::erase(Entry entry) {
    auto const at = heap_at_[entry];
    auto const last = heap_.back();
    heap_.pop_back();
    if (last.entry == entry) {
        return;
    }
    place(at, last);
    sift_up(at);
    sift_down(heap_at_[last.entry]);
}

void Scheduler::place(std::uint32_t at, Waiting const& waiting) {
    heap_[at] = waiting;
    heap_at_[waiting.entry] = at;
}

void Scheduler::sift_up(std::uint32_t at) {
    auto const waiting = heap_[at];
    while (at > 0) {
        auto const parent = (at - 1) / kArity;
        if (!waiting.before(heap_[parent])) {
            break;
        }
        place(at, heap_[parent]);
        at = parent;
    }
    place(at, waiting);
}

void Scheduler::sift_down(std::uint32_t at) {
    auto const waiting = heap_[at];
    auto const size = static_cast<std::uint32_t>(heap_.size());
    for (;;) {
        auto const first = at * kArity + 1;
        if (first >= size) {
            break;
        }
        auto least = first;
        for (auto child = first + 1; child < std::min(first + kArity, size); ++child) {
            if (heap_[child].before(heap_[least])) {
                least = child;
            }
        }
        if (!heap_[least].before(waiting)) {
            break;
        }
        place(at, heap_[least]);
        at = least;
    }
    place(at, waiting);
}

}  // namespace muster
