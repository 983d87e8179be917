#include <demo/figures.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include <demo/noise.hpp>

namespace muster::demo {
namespace {

/// Channels of noise: one per thing that moves on its own.
enum Channel : std::uint32_t {
    kEventChance,
    kEventStart,
    kEventHeight,
    kEventLength,
    kLoadSlow,
    kLoadFast,
    kCpu,
    kMemory,
    kErrors,
    kQuery,
    kResponse,
    kUptime,
};

constexpr auto kDay = std::chrono::days{1};
constexpr Millis kBatchSlot = 6min;
constexpr Millis kSpikeSlot = 8min;
constexpr Millis kMemorySaw = 23min;
constexpr int kErrorWindowMinutes = 5;

double seconds(Millis duration) {
    return std::chrono::duration<double>(duration).count();
}

double rounded(double value, double per_unit) {
    return std::round(value * per_unit) / per_unit;
}

/// 1 at the busiest hour, quiet_share twelve hours later.
double daily(Personality const& who, WallTime time) {
    auto const into_day = time - std::chrono::floor<std::chrono::days>(time);
    auto const hours = seconds(into_day) / 3600.0;
    auto const turn = 2.0 * std::numbers::pi * (hours - who.peak_hour_utc) / 24.0;
    auto const wave = std::pow(0.5 + 0.5 * std::cos(turn), 1.3);
    return who.quiet_share + (1.0 - who.quiet_share) * wave;
}

WallTime batch_start(Noise const& noise, std::int64_t slot) {
    auto const late = noise.at_step(kEventStart, slot) * 0.3;
    return WallTime{slot * kBatchSlot + Millis{std::llround(late * seconds(kBatchSlot) * 1000.0)}};
}

/// A batch rises within 12 s, is sent for one to three minutes, and ebbs away in 30 s.
double batch_at(Noise const& noise, std::int64_t slot, WallTime time) {
    auto const age = seconds(time - batch_start(noise, slot));
    auto const length = 60.0 + 120.0 * noise.at_step(kEventLength, slot);
    if (age < 0.0 || age > length + 30.0) {
        return 0.0;
    }
    auto const rise = std::min(1.0, age / 12.0);
    auto const ebb = std::clamp((length + 30.0 - age) / 30.0, 0.0, 1.0);
    return std::min(rise, ebb) * (0.55 + 0.45 * noise.at_step(kEventHeight, slot));
}

double batches(Personality const& who, Noise const& noise, WallTime time) {
    auto const slot = step_of(time, kBatchSlot);
    auto const sending = std::max(batch_at(noise, slot - 1, time), batch_at(noise, slot, time));
    return 0.03 + 0.92 * daily(who, time) * sending;
}

/// Two slots of five see a spike: up in 6 s, then halved about every 50 s.
double spike_at(Noise const& noise, std::int64_t slot, WallTime time) {
    if (noise.at_step(kEventChance, slot) > 0.4) {
        return 0.0;
    }
    auto const late =
        Millis{std::llround(noise.at_step(kEventStart, slot) * seconds(kSpikeSlot) * 1000.0)};
    auto const age = seconds(time - WallTime{slot * kSpikeSlot + late});
    if (age < 0.0) {
        return 0.0;
    }
    auto const height = 0.35 + 0.65 * noise.at_step(kEventHeight, slot);
    return height * std::min(1.0, age / 6.0) * std::exp(-age / 72.0);
}

double spikes(Personality const& who, Noise const& noise, WallTime time) {
    auto const slot = step_of(time, kSpikeSlot);
    auto const round = spike_at(noise, slot - 1, time) + spike_at(noise, slot, time);
    return 0.5 * daily(who, time) + 0.68 * round;
}

double shape(Personality const& who, Noise const& noise, WallTime time) {
    switch (who.rhythm) {
        case Rhythm::batches:
            return batches(who, noise, time);
        case Rhythm::steady:
            return 0.82 * daily(who, time);
        case Rhythm::spikes:
            return spikes(who, noise, time);
    }
    return 0.0;
}

double load_of(Personality const& who, Noise const& noise, WallTime time) {
    auto const slow = noise.smooth(kLoadSlow, time, 3min) - 0.5;
    auto const fast = noise.smooth(kLoadFast, time, 7s) - 0.5;
    return std::clamp(shape(who, noise, time) * (1.0 + 0.16 * slow + 0.10 * fast), 0.0, 1.0);
}

double error_percent(Personality const& who, Noise const& noise, double load, WallTime time) {
    auto const calm = who.calm_error_percent * (0.4 + 1.2 * noise.smooth(kErrors, time, 45s));
    auto const strain = std::max(0.0, load - 0.8) * 4.0;
    return calm + strain;
}

/// Errors in the last five minutes, one sample a minute.
std::int64_t recent_errors(Personality const& who, Noise const& noise, WallTime time) {
    auto errors = 0.0;
    for (int minute = 0; minute < kErrorWindowMinutes; ++minute) {
        auto const then = time - std::chrono::minutes{minute};
        auto const load = load_of(who, noise, then);
        auto const requests = load * who.peak_requests_per_second * 60.0;
        errors += requests * error_percent(who, noise, load, then) / 100.0;
    }
    return std::llround(errors);
}

/// Requests since midnight UTC: whole minutes by their middle, the running one up to `time`.
double requests_today(Personality const& who, Noise const& noise, WallTime time) {
    auto const midnight = WallTime{std::chrono::floor<std::chrono::days>(time)};
    auto requests = 0.0;
    for (auto minute = midnight; minute <= time; minute += 1min) {
        auto const rate = load_of(who, noise, minute + 30s) * who.peak_requests_per_second;
        requests += rate * std::min(60.0, seconds(time - minute));
    }
    return requests;
}

/// Grows until the collector runs, then falls back.
double memory_percent(Personality const& who, Noise const& noise, double load, WallTime time) {
    auto const into_saw = time.time_since_epoch() - step_of(time, kMemorySaw) * kMemorySaw;
    auto const saw = seconds(into_saw) / seconds(kMemorySaw);
    auto const drift = 2.0 * noise.smooth(kMemory, time, 90s);
    return std::clamp(who.base_memory_percent + 7.0 * saw + 9.0 * load + drift, 1.0, 97.0);
}

double cpu_percent(Personality const& who, Noise const& noise, double load, WallTime time) {
    auto const jitter = 4.0 * (noise.smooth(kCpu, time, 4s) - 0.5);
    auto const span = who.peak_cpu_percent - who.idle_cpu_percent;
    return std::clamp(who.idle_cpu_percent + span * load + jitter, 0.5, 99.0);
}

/// Queueing: twice as slow at 80 % load, more beyond.
double under_load(double calm_ms, double load, double jitter) {
    return calm_ms * (0.85 + 0.3 * jitter) * (1.0 + 1.6 * load * load);
}

WallTime next_task(Personality const& who, Noise const& noise, WallTime time) {
    if (who.rhythm != Rhythm::batches) {
        auto const every = who.rhythm == Rhythm::steady ? Millis{15min} : Millis{5min};
        return WallTime{(step_of(time, every) + 1) * every};
    }
    auto const slot = step_of(time, kBatchSlot);
    auto const start = batch_start(noise, slot);
    return start > time ? start : batch_start(noise, slot + 1);
}

}  // namespace

double load_at(Personality const& who, std::uint64_t seed, WallTime time) {
    return load_of(who, Noise{who.name, seed}, time);
}

Figures figures_at(Personality const& who, std::uint64_t seed, WallTime time) {
    auto const noise = Noise{who.name, seed};
    auto const load = load_of(who, noise, time);
    auto const rate = load * who.peak_requests_per_second;
    auto const day = step_of(time, kDay);

    auto figures = Figures{
        .requests_per_second = rounded(rate, 10.0),
        .error_percent = rounded(error_percent(who, noise, load, time), 1000.0),
        .error_count = recent_errors(who, noise, time),
        .memory_percent = rounded(memory_percent(who, noise, load, time), 10.0),
        .cpu_percent = rounded(cpu_percent(who, noise, load, time), 10.0),
        .query_ms =
            rounded(under_load(who.calm_query_ms, load, noise.smooth(kQuery, time, 6s)), 10.0),
        .response_ms =
            rounded(under_load(who.calm_response_ms, load, noise.smooth(kResponse, time, 5s)), 1.0),
        .uptime_percent = rounded(99.6 + 0.4 * noise.at_step(kUptime, day), 100.0),
        .current_tasks = std::llround(1.0 + load * 18.0),
        .active_users = std::llround(rate * who.users_per_request_per_second),
        .next_task = next_task(who, noise, time),
    };
    auto const requests = requests_today(who, noise, time);
    for (std::size_t i = 0; i < who.paid_apis.size(); ++i) {
        auto const& api = who.paid_apis[i];
        figures.api_usage[i] = {.name = api.name,
                                .calls = static_cast<std::int64_t>(requests * api.per_request)};
    }
    return figures;
}

}  // namespace muster::demo
