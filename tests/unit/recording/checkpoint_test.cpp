#include <muster/recording/checkpoint.hpp>

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <muster/base/crc32c.hpp>
#include <muster/testing/arbitrary_record.hpp>
#include <muster/testing/journal_samples.hpp>

namespace muster {
namespace {

Checkpoint sample_checkpoint(int services) {
    Checkpoint checkpoint;
    checkpoint.hub_id = "hub-main";
    checkpoint.epoch = 3;
    checkpoint.as_of = {"7d4f9c1e-1f0a-4f2b-9d8e-0123456789ab", 4711};
    checkpoint.next_project_id = 5;
    checkpoint.next_service_id = services + 1;
    auto const spec = project_of("shop", *parse_url("http://127.0.0.1:3010"));
    for (int index = 1; index <= services; ++index) {
        TrackedService tracked;
        tracked.service.id.value = index;
        tracked.service.spec = spec.services.front();
        tracked.service.spec.name = "service-" + std::to_string(index);
        for (int half_hour = 0; half_hour < 48; ++half_hour) {
            tracked.tracker.availability.observe(testing::kSampleTime + half_hour * 30min,
                                                 Observed::not_down, 31min);
        }
        tracked.tracker.last_check = testing::kSampleTime + 24h;
        checkpoint.services.push_back(std::move(tracked));
    }
    return checkpoint;
}

RC_GTEST_PROP(Checkpoint, IsReadAsItWasWritten, ()) {
    Checkpoint written;
    written.hub_id = testing::any_text();
    written.epoch = testing::any<std::uint64_t>();
    written.as_of = {testing::any_text(), testing::any<std::uint64_t>()};
    written.next_project_id = testing::any<std::int64_t>();
    written.next_service_id = testing::any<std::int64_t>();
    written.next_maintenance_id = testing::any<std::int64_t>();
    for (auto left = *rc::gen::inRange(0, 3); left > 0; --left) {
        written.projects.push_back(testing::any_project());
        written.latest_metrics.push_back(testing::any_metrics());
        written.windows.push_back(testing::any_maintenance());
        written.tombstones.push_back({testing::any<std::int64_t>(), testing::any<std::uint64_t>(),
                                      testing::any_text(), testing::any_text()});
    }
    for (auto left = *rc::gen::inRange(0, 4); left > 0; --left) {
        auto& tracked = written.services.emplace_back();
        tracked.service = testing::any_service();
        tracked.tracker = testing::any_tracker();
    }
    auto const read = decode_checkpoint(encode_checkpoint(written));
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == written);
}

/// The first version ended a tracker before its recent results, its restlessness and its overlays
/// (three bytes of zero here, right before the counts of tombstones and metrics, zero as well), and
/// all before the maintenance windows (their count and the next id).
TEST(Checkpoint, ReadsWhatTheFirstVersionWrote) {
    auto const sample = sample_checkpoint(1);
    auto bytes = encode_checkpoint(sample);
    Bytes const body(bytes.begin() + 24, bytes.end() - 5);
    bytes.resize(8);  // magic
    ByteWriter writer(bytes);
    writer.number(std::uint32_t{1});
    writer.number(static_cast<std::uint64_t>(body.size()));
    writer.number(crc32c(body));
    bytes.insert(bytes.end(), body.begin(), body.end());
    auto const read = decode_checkpoint(bytes);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, sample);
}

TEST(Checkpoint, RefusesEveryTruncation) {
    auto const bytes = encode_checkpoint(sample_checkpoint(2));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        auto const read = decode_checkpoint(ByteView(bytes).first(size));
        ASSERT_FALSE(read) << size;
        ASSERT_EQ(read.error().code, Errc::corrupt) << size;
    }
}

TEST(Checkpoint, RefusesEveryFlippedBit) {
    auto const bytes = encode_checkpoint(sample_checkpoint(1));
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        auto flipped = bytes;
        flipped[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
        auto const read = decode_checkpoint(flipped);
        ASSERT_FALSE(read) << bit;
        bool const in_version = bit >= 64 && bit < 96;
        ASSERT_EQ(read.error().code, in_version ? Errc::unsupported : Errc::corrupt) << bit;
    }
}

TEST(Checkpoint, IsCompact) {
    constexpr int kServices = 1000;
    auto const bytes = encode_checkpoint(sample_checkpoint(kServices));
    EXPECT_LE(bytes.size() / kServices, 200U);
}

}  // namespace
}  // namespace muster
