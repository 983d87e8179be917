// muster-simulate: lives through worlds from seeds on all cores for as long as it is told to.

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "world.hpp"

namespace muster::simulation {
namespace {

constexpr std::string_view kUsage =
    "usage: muster-simulate [--seeds N] [--hours H | --minutes M] [--seed S] [--jobs J] [--trace]\n"
    "                       [--shards N] [--until-broken]\n"
    "  --seeds N    as many worlds (default 20)\n"
    "  --hours H    of simulated time in each (default 2)\n"
    "  --minutes M  instead of hours; at least 10\n"
    "  --seed S     the first; the others follow it (default: a fresh one, which is told)\n"
    "  --jobs J     worlds at once (default: one a core)\n"
    "  --shards N   that each hub probes with (default: as each seed says, 1 to 4)\n"
    "  --trace      prints what happens in each, line by line\n"
    "  --until-broken  ends with the first world that breaks a promise\n"
    "Exit code: 0 no promise was broken, 1 some world broke one, 2 the arguments are wrong.\n";

struct Arguments {
    std::uint64_t seeds{20};
    std::uint64_t minutes{120};
    std::optional<std::uint64_t> seed;
    std::uint64_t jobs{std::max(1U, std::thread::hardware_concurrency())};
    std::optional<std::uint64_t> shards;
    bool trace{false};
    bool until_broken{false};
};

[[noreturn]] void refuse(std::string const& why) {
    std::fprintf(stderr, "muster-simulate: %s\n%s", why.c_str(), std::string(kUsage).c_str());
    std::exit(2);
}

std::uint64_t number_of(std::string_view option, std::string_view text, std::uint64_t least) {
    std::uint64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < least) {
        refuse(std::string(option) + " is a whole number from " + std::to_string(least) +
               ", not '" + std::string(text) + "'");
    }
    return number;
}

Arguments read(std::vector<std::string_view> const& words) {
    Arguments arguments;
    for (std::size_t index = 0; index < words.size(); ++index) {
        auto const option = words[index];
        if (option == "--help" || option == "-h") {
            std::printf("%s", std::string(kUsage).c_str());
            std::exit(0);
        }
        if (option == "--trace" || option == "--until-broken") {
            (option == "--trace" ? arguments.trace : arguments.until_broken) = true;
            continue;
        }
        if (option != "--seeds" && option != "--hours" && option != "--minutes" &&
            option != "--seed" && option != "--jobs" && option != "--shards") {
            refuse("there is no option '" + std::string(option) + "'");
        }
        if (index + 1 == words.size()) {
            refuse(std::string(option) + " wants a number");
        }
        auto const value = words[++index];
        if (option == "--seeds") {
            arguments.seeds = number_of(option, value, 1);
        } else if (option == "--hours") {
            arguments.minutes = 60 * number_of(option, value, 1);
        } else if (option == "--minutes") {
            arguments.minutes = number_of(option, value, 10);
        } else if (option == "--seed") {
            arguments.seed = number_of(option, value, 0);
        } else if (option == "--shards") {
            arguments.shards = number_of(option, value, 1);
        } else {
            arguments.jobs = number_of(option, value, 1);
        }
    }
    return arguments;
}

/// What all threads add to.
struct Tally {
    std::mutex mutex;  // guards all below
    std::uint64_t done{0};
    std::uint64_t broken{0};
    World::Figures figures;

    [[nodiscard]] bool has_broken() {
        std::scoped_lock const lock(mutex);
        return broken > 0;
    }
};

void live_one(std::uint64_t seed, Arguments const& arguments, Tally& tally) {
    World::Options options;
    options.seed = seed;
    options.length = std::chrono::minutes(arguments.minutes);
    options.keep_lines = arguments.trace ? Trace::kAll : World::Options{}.keep_lines;
    options.shards = arguments.shards;
    World world(options);
    bool const sound = world.live();
    auto const figures = world.figures();
    std::scoped_lock const lock(tally.mutex);
    ++tally.done;
    tally.figures.checks += figures.checks;
    tally.figures.steps += figures.steps;
    tally.figures.lives += figures.lives;
    tally.figures.effects += figures.effects;
    if (arguments.trace) {
        for (auto const& line : world.trace().lines()) {
            std::printf("%s\n", line.c_str());
        }
    }
    if (!sound) {
        ++tally.broken;
        std::printf("%s", report(world, options).c_str());
    }
    std::fflush(stdout);
}

int simulate(Arguments const& arguments) {
    std::random_device entropy;
    auto const first = arguments.seed.value_or(std::uint64_t{entropy()});
    std::printf("seeds %llu to %llu, %.2f simulated hours each\n",
                static_cast<unsigned long long>(first),
                static_cast<unsigned long long>(first + arguments.seeds - 1),
                static_cast<double>(arguments.minutes) / 60);
    std::fflush(stdout);
    Tally tally;
    std::atomic<std::uint64_t> next{0};
    auto const begun = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (std::uint64_t job = 0; job < std::min(arguments.jobs, arguments.seeds); ++job) {
        threads.emplace_back([&] {
            for (auto number = next++; number < arguments.seeds; number = next++) {
                if (arguments.until_broken && tally.has_broken()) {
                    return;
                }
                live_one(first + number, arguments, tally);
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begun;
    auto const hours = static_cast<double>(arguments.minutes * tally.done) / 60;
    std::printf(
        "%llu worlds, %llu broke a promise; %.1f simulated hours in %.1f s: %.1f simulated hours "
        "per second; %llu checks, %llu lives of a hub, %llu effects, %llu steps\n",
        static_cast<unsigned long long>(tally.done), static_cast<unsigned long long>(tally.broken),
        hours, took.count(), hours / took.count(),
        static_cast<unsigned long long>(tally.figures.checks),
        static_cast<unsigned long long>(tally.figures.lives),
        static_cast<unsigned long long>(tally.figures.effects),
        static_cast<unsigned long long>(tally.figures.steps));
    return tally.broken == 0 ? 0 : 1;
}

}  // namespace
}  // namespace muster::simulation

int main(int argc, char** argv) {
    using namespace muster::simulation;
    return simulate(read(std::vector<std::string_view>(argv + 1, argv + argc)));
}
