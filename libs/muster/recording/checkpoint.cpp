#include <muster/recording/checkpoint.hpp>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include <muster/base/crc32c.hpp>
#include <muster/recording/domain_codec.hpp>

namespace muster {
namespace {

using namespace compact;

constexpr std::string_view kMagic = "MUSTERCP";
constexpr std::uint32_t kVersion = 2;
constexpr std::uint32_t kTruth = 2;  ///< Brought windows, overlays and recent results.
constexpr std::size_t kHeaderBytes = 8 + 4 + 8 + 4;  // magic, version, length, crc

constexpr auto kFullBucket = static_cast<std::uint32_t>(DayBuckets::kBucket.count());
constexpr std::uint64_t kFullBit = 1;  // observed from end to end
constexpr std::uint64_t kDownBit = 2;  // some of it down

/// Buckets that hold nothing are left out; a bucket's slot follows from its number, which is stored
/// as the step from the one before. The common one (fully observed, never down) takes one byte.
void put_buckets(Writer& out, Availability::State const& state) {
    auto const& buckets = state.buckets;
    out.unsigned_number(static_cast<std::uint64_t>(std::count_if(
        buckets.begin(), buckets.end(), [](auto const& bucket) { return bucket.number >= 0; })));
    std::int64_t before = 0;
    for (auto const& bucket : buckets) {
        if (bucket.number < 0) {
            continue;
        }
        auto const step = zigzag(bucket.number - std::exchange(before, bucket.number));
        bool const full = bucket.observed_ms == kFullBucket;
        bool const down = bucket.down_ms != 0;
        out.unsigned_number(step << 2U | (full ? kFullBit : 0U) | (down ? kDownBit : 0U));
        if (!full) {
            out.unsigned_number(bucket.observed_ms);
        }
        if (down) {
            out.unsigned_number(bucket.down_ms);
        }
    }
}

void get_buckets(Reader& in, Availability::State& state) {
    std::int64_t number = 0;
    for (auto left = in.count(); left > 0 && in.ok(); --left) {
        auto const bits = in.unsigned_number();
        auto const step = unzigzag(bits >> 2U);
        constexpr std::int64_t kLast = std::numeric_limits<std::int32_t>::max();
        if (step > kLast || step < -kLast || number + step < 0 || number + step > kLast) {
            in.fail();
            return;
        }
        number += step;
        auto& bucket = state.buckets[static_cast<std::size_t>(number) % DayBuckets::kCount];
        bucket.number = static_cast<std::int32_t>(number);
        bucket.observed_ms = (bits & kFullBit) != 0 ? kFullBucket : in.narrow<std::uint32_t>();
        bucket.down_ms = (bits & kDownBit) != 0 ? in.narrow<std::uint32_t>() : 0;
    }
}

void put(Writer& out, Availability::State const& state) {
    auto const put_wall = [&out](WallTime time) { out.wall(time); };
    put_buckets(out, state);
    put_optional(out, state.known_since, put_wall);
    put_optional(out, state.suspect_since, put_wall);
    out.wall(state.last_at);
    out.millis(state.reach);
    out.symbol(state.last);
}

Availability get_availability(Reader& in) {
    auto const get_wall = [&in] { return in.wall(); };
    Availability::State state;
    get_buckets(in, state);
    state.known_since = get_optional(in, get_wall);
    state.suspect_since = get_optional(in, get_wall);
    state.last_at = in.wall();
    state.reach = in.millis();
    auto const last = in.byte();
    if (last > static_cast<std::uint8_t>(Observed::excused)) {
        in.fail();
    }
    state.last = static_cast<Observed>(last);
    return Availability(state);
}

void put(Writer& out, Tracker const& tracker) {
    compact::put(out, tracker.health);
    put(out, tracker.availability.state());
    put_optional(out, tracker.last_check, [&out](WallTime time) { out.wall(time); });
    out.millis(tracker.response_time);
    out.flag(tracker.running);
    auto const run = std::min(tracker.run.size(), Reason::kMaxDeciding);
    out.unsigned_number(run);
    for (std::size_t index = 0; index < run; ++index) {
        compact::put(out, tracker.run[index]);
    }
    out.unsigned_number(tracker.recent.bits());
    out.unsigned_number(tracker.restlessness.bits());
    out.byte(tracker.overlays.bits());
}

void get(Reader& in, Tracker& tracker, std::uint32_t version) {
    tracker.health = get_health_state(in);
    tracker.availability = get_availability(in);
    tracker.last_check = get_optional(in, [&in] { return in.wall(); });
    tracker.response_time = in.millis();
    tracker.running = in.flag();
    tracker.run.resize(in.count(3));
    for (auto& result : tracker.run) {
        result = get_deciding(in);
    }
    if (version >= kTruth) {
        tracker.recent = RecentResults(in.narrow<std::uint32_t>());
        tracker.restlessness = Restlessness(in.narrow<std::uint32_t>());
        auto const overlays = Overlays::of_bits(in.byte());
        if (!overlays) {
            in.fail();
        }
        tracker.overlays = overlays.value_or(Overlays{});
    }
}

void put_body(Writer& out, Checkpoint const& checkpoint) {
    out.text(checkpoint.hub_id);
    out.unsigned_number(checkpoint.epoch);
    out.text(checkpoint.as_of.journal_id);
    out.unsigned_number(checkpoint.as_of.seq);
    out.signed_number(checkpoint.next_project_id);
    out.signed_number(checkpoint.next_service_id);
    out.unsigned_number(checkpoint.projects.size());
    for (auto const& project : checkpoint.projects) {
        compact::put(out, project);
    }
    out.unsigned_number(checkpoint.services.size());
    for (auto const& [service, tracker] : checkpoint.services) {
        compact::put(out, service);
        put(out, tracker);
    }
    out.unsigned_number(checkpoint.tombstones.size());
    for (auto const& tombstone : checkpoint.tombstones) {
        out.signed_number(tombstone.id);
        out.unsigned_number(tombstone.identity);
        out.text(tombstone.project);
        out.text(tombstone.name);
    }
    out.unsigned_number(checkpoint.latest_metrics.size());
    for (auto const& metrics : checkpoint.latest_metrics) {
        compact::put(out, metrics);
    }
    out.signed_number(checkpoint.next_maintenance_id);
    out.unsigned_number(checkpoint.windows.size());
    for (auto const& window : checkpoint.windows) {
        compact::put(out, window);
    }
}

// Least bytes of an item, so that a count that lies cannot ask for much memory: a service takes
// several hundred bytes in memory.
constexpr std::size_t kMinProjectBytes = 16;
constexpr std::size_t kMinServiceBytes = 40;
constexpr std::size_t kMinTombstoneBytes = 4;
constexpr std::size_t kMinMetricsBytes = 50;
constexpr std::size_t kMinWindowBytes = 12;

Checkpoint get_body(Reader& in, Versions& versions, std::uint32_t version) {
    Checkpoint checkpoint;
    checkpoint.hub_id = in.text();
    checkpoint.epoch = in.unsigned_number();
    checkpoint.as_of.journal_id = in.text();
    checkpoint.as_of.seq = in.unsigned_number();
    checkpoint.next_project_id = in.signed_number();
    checkpoint.next_service_id = in.signed_number();
    auto left = in.count(kMinProjectBytes);
    checkpoint.projects.reserve(left);
    for (; left > 0 && in.ok(); --left) {
        checkpoint.projects.push_back(get_project(in, versions));
    }
    left = in.count(kMinServiceBytes);
    checkpoint.services.reserve(left);
    for (; left > 0 && in.ok(); --left) {
        auto& tracked = checkpoint.services.emplace_back();
        tracked.service = get_service(in, versions);
        get(in, tracked.tracker, version);
    }
    left = in.count(kMinTombstoneBytes);
    checkpoint.tombstones.reserve(left);
    for (; left > 0 && in.ok(); --left) {
        auto& tombstone = checkpoint.tombstones.emplace_back();
        tombstone.id = in.signed_number();
        tombstone.identity = in.unsigned_number();
        tombstone.project = in.text();
        tombstone.name = in.text();
    }
    left = in.count(kMinMetricsBytes);
    checkpoint.latest_metrics.reserve(left);
    for (; left > 0 && in.ok(); --left) {
        checkpoint.latest_metrics.push_back(get_metrics(in));
    }
    if (version >= kTruth) {
        checkpoint.next_maintenance_id = in.signed_number();
        left = in.count(kMinWindowBytes);
        checkpoint.windows.reserve(left);
        for (; left > 0 && in.ok(); --left) {
            checkpoint.windows.push_back(get_maintenance(in));
        }
    }
    return checkpoint;
}

}  // namespace

Bytes encode_checkpoint(Checkpoint const& checkpoint) {
    Bytes body;
    body.reserve(256 * (1 + checkpoint.services.size()));
    Writer writer(body);
    put_body(writer, checkpoint);

    Bytes bytes;
    bytes.reserve(kHeaderBytes + body.size());
    ByteWriter header(bytes);
    auto const magic = as_byte_view(kMagic);
    bytes.insert(bytes.end(), magic.begin(), magic.end());
    header.number(kVersion);
    header.number(static_cast<std::uint64_t>(body.size()));
    header.number(crc32c(body));
    bytes.insert(bytes.end(), body.begin(), body.end());
    return bytes;
}

Result<Checkpoint> decode_checkpoint(ByteView bytes) {
    auto const magic = as_byte_view(kMagic);
    if (bytes.size() < kHeaderBytes || !std::equal(magic.begin(), magic.end(), bytes.begin())) {
        return failure(Errc::corrupt, "this is no checkpoint");
    }
    ByteReader header(bytes.subspan(magic.size()));
    auto const version = header.number<std::uint32_t>();
    auto const length = header.number<std::uint64_t>();
    auto const crc = header.number<std::uint32_t>();
    if (version == 0 || version > kVersion) {
        return failure(Errc::unsupported, "the checkpoint has version " + std::to_string(version) +
                                              "; this program knows version " +
                                              std::to_string(kVersion) + " and older");
    }
    auto const body = bytes.subspan(kHeaderBytes);
    if (body.size() != length) {
        return failure(Errc::corrupt, "the checkpoint should be " + std::to_string(length) +
                                          " bytes long and is " + std::to_string(body.size()));
    }
    if (crc32c(body) != crc) {
        return failure(Errc::corrupt, "the checkpoint's checksum is wrong");
    }
    Reader in(body);
    Versions versions;
    auto checkpoint = get_body(in, versions, version);
    if (versions.newer) {
        return failure(Errc::unsupported, "the checkpoint was written by a newer version");
    }
    if (!in.complete()) {
        return failure(Errc::corrupt, "the checkpoint does not hold what it should");
    }
    return checkpoint;
}

}  // namespace muster
