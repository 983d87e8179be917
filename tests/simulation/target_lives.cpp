#include "target_lives.hpp"

#include <utility>

namespace muster::simulation {
namespace {

SimulatedAnswer http_error(int status, Micros after) {
    auto answer = failing_answer("HTTP error: " + std::to_string(status), after);
    answer.outcome.http_status = static_cast<std::uint16_t>(status);
    return answer;
}

}  // namespace

TargetLives::TargetLives(Random random, SteadyTime until) : random_(random), until_(until) {}

SimulatedAnswer TargetLives::answer(std::string const& target, SteadyTime now) {
    auto const fixed = always_.find(target);
    if (fixed != always_.end()) {
        return fixed->second;
    }
    auto found = lives_.find(target);
    if (found == lives_.end()) {
        found = lives_.emplace(target, draw()).first;
    }
    auto& life = found->second;
    while (life.at + 1 < life.spells.size() && life.spells[life.at + 1].from <= now) {
        ++life.at;
    }
    return in_mood(life.spells[life.at].mood, life.random);
}

void TargetLives::always(std::string target, SimulatedAnswer answer) {
    always_.insert_or_assign(std::move(target), std::move(answer));
}

TargetLives::Life TargetLives::draw() {
    Life life;
    life.random = random_.fork();
    auto at = SteadyTime{};
    while (at < until_) {
        bool const well = life.spells.size() % 2 == 0;
        auto const mood = well ? Mood::well : static_cast<Mood>(life.random.between(1, 7));
        life.spells.push_back({at, mood});
        at += well ? std::chrono::seconds(life.random.between(60, 6 * 3600))
                   : std::chrono::seconds(life.random.between(1, 1200));
    }
    return life;
}

SimulatedAnswer TargetLives::in_mood(Mood mood, Random& random) {
    auto const quick = Micros(random.between(200, 90'000));
    switch (mood) {
        case Mood::well:
            return passing_answer(quick);
        case Mood::slow:
            return passing_answer(Micros(random.between(900'000, 4'000'000)));
        case Mood::says_degraded: {
            auto answer = passing_answer(quick);
            answer.outcome.word = BodyWord::degraded;
            return answer;
        }
        case Mood::refusing:
            return failing_answer("connection refused", Micros(300));
        case Mood::erroring:
            return http_error(503, quick);
        case Mood::silent:
            return silent_answer();
        case Mood::flaky:
            return random.one_in(2) ? passing_answer(quick)
                                    : failing_answer("connection reset after 0 bytes", quick);
        case Mood::our_fault: {
            SimulatedAnswer answer{quick, {}};
            answer.outcome.verdict = Verdict::not_counted;
            answer.outcome.own_fault = OwnFault::descriptors;
            answer.outcome.error = "no file descriptors left";
            return answer;
        }
    }
    return passing_answer(quick);
}

}  // namespace muster::simulation
