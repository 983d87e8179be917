#include <muster/api/shared_plan.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <muster/api/answers.hpp>
#include <muster/base/result.hpp>
#include <muster/codec/reload_json.hpp>

namespace muster {
namespace {

Response response_of(Result<SharedText> const& plan, WallTime now) {
    return plan ? answer(*plan, now) : refuse(plan.error(), now);
}

Result<SharedText> text_of(Result<ReloadReport> const& report) {
    if (!report) {
        return tl::unexpected(report.error());
    }
    std::string json;
    append_reload_report(json, *report);
    return std::make_shared<std::string const>(std::move(json));
}

}  // namespace

/// One plan and who waits for it. Its callback keeps it alive.
struct SharedPlan::Round {
    std::vector<Reply> waiting;
    std::optional<Result<SharedText>> plan;
    SteadyTime planned_at{};
};

void SharedPlan::ask(Reply reply) {
    auto const now = clock_.now();
    if (round_ && round_->plan && now.steady - round_->planned_at < kFresh) {
        reply(response_of(*round_->plan, now.wall));
        return;
    }
    if (round_ && !round_->plan) {
        round_->waiting.push_back(std::move(reply));
        return;
    }
    auto const round = std::make_shared<Round>();
    round->waiting.push_back(std::move(reply));
    round_ = round;
    commands_.plan([round, &clock = clock_](Result<ReloadReport> const& report) {
        auto const done = clock.now();
        round->plan = text_of(report);
        round->planned_at = done.steady;
        for (auto& waiting : std::exchange(round->waiting, {})) {
            waiting(response_of(*round->plan, done.wall));
        }
    });
}

}  // namespace muster
