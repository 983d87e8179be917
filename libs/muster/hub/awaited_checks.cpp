#include <muster/hub/awaited_checks.hpp>

#include <numeric>
#include <string>

namespace muster {

void AwaitedChecks::wait_for(ServiceId id, HubCommands::CheckDone done) {
    waiting_[id].push_back(std::move(done));
}

void AwaitedChecks::heard(CheckResult const& result) {
    if (!waiting_.empty()) {
        settle(result.service, Answer(result));
    }
}

void AwaitedChecks::gone(ServiceId id) {
    settle(id, failure(Errc::not_found, "service " + std::to_string(id.value) +
                                            " was removed before its check ended"));
}

void AwaitedChecks::end(Error const& error) {
    while (!waiting_.empty()) {
        settle(waiting_.begin()->first, tl::unexpected(error));
    }
}

void AwaitedChecks::settle(ServiceId id, Answer const& answer) {
    auto const found = waiting_.find(id);
    if (found == waiting_.end()) {
        return;
    }
    for (auto& done : found->second) {
        settled_.emplace_back(std::move(done), answer);
    }
    waiting_.erase(found);
}

std::size_t AwaitedChecks::size() const {
    return std::accumulate(
        waiting_.begin(), waiting_.end(), settled_.size(),
        [](std::size_t sum, auto const& waiting) { return sum + waiting.second.size(); });
}

void AwaitedChecks::answer() {
    for (auto& [done, answer] : std::exchange(settled_, {})) {
        done(std::move(answer));
    }
}

}  // namespace muster
