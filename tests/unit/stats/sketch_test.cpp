#include <muster/stats/sketch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

/// The same rank as Sketch::quantile, of what is all there.
double exact_quantile(std::vector<std::int64_t> values, double part) {
    std::sort(values.begin(), values.end());
    auto const upper = std::ceil(part * static_cast<double>(values.size()));
    return static_cast<double>(values[upper < 1 ? 0 : static_cast<std::size_t>(upper) - 1]);
}

Sketch sketch_of(std::vector<std::int64_t> const& values) {
    Sketch sketch;
    for (auto const value : values) {
        sketch.record(Micros(value));
    }
    return sketch;
}

bool is_within(double estimate, double exact, double accuracy) {
    return std::abs(estimate - exact) <= accuracy * exact + 0.5;  // rounded to 1 µs
}

TEST(QuantileSketch, OfNothingSaysZero) {
    EXPECT_TRUE(Sketch{}.empty());
    EXPECT_EQ(Sketch{}.quantile(0.5), Micros(0));
}

TEST(QuantileSketch, OfOneDurationSaysIt) {
    for (std::int64_t const micros : {0, 1, 2, 999, 123'456, 5'000'000}) {
        auto const said = sketch_of({micros}).quantile(0.95).count();
        EXPECT_TRUE(is_within(static_cast<double>(said), static_cast<double>(micros), 0.0075))
            << micros << " became " << said;
    }
}

TEST(QuantileSketch, CountsTheNegativeAsZeroAndTheEndlessAsLongest) {
    auto const sketch = sketch_of({-5, 0, std::numeric_limits<std::int64_t>::max()});
    EXPECT_EQ(sketch.count(), 3U);
    EXPECT_EQ(sketch.quantile(0.5), Micros(0));
    EXPECT_TRUE(is_within(static_cast<double>(sketch.quantile(1).count()),
                          static_cast<double>(Sketch::kLongest.count()), 0.0075));
}

TEST(QuantileSketch, TakesFiveBytesForOneDuration) {
    Bytes bytes;
    sketch_of({45'000}).encode(bytes);
    EXPECT_EQ(bytes.size(), 5U);
}

TEST(QuantileSketch, RefusesBytesThatItDoesNotWrite) {
    auto const decoded = [](std::vector<int> const& raw) {
        Bytes bytes;
        for (auto const value : raw) {
            bytes.push_back(static_cast<std::byte>(value));
        }
        return Sketch::decode(bytes).has_value();
    };
    EXPECT_TRUE(decoded({0, 0}));
    EXPECT_TRUE(decoded({0, 1, 7, 0}));
    EXPECT_FALSE(decoded({}));
    EXPECT_FALSE(decoded({0}));
    EXPECT_FALSE(decoded({0, 0, 0})) << "more than was said";
    EXPECT_FALSE(decoded({0, 1, 7})) << "cut";
    EXPECT_FALSE(decoded({0x80, 0x00, 0})) << "a number longer than it need be";
    EXPECT_FALSE(decoded({0, 2, 7, 0, 0, 0})) << "a bin twice";
    EXPECT_FALSE(decoded({0, 1, 0xff, 0x7f, 0})) << "a bin beyond the last";
    EXPECT_FALSE(decoded({0, 1, 7, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}));
}

/// Durations as they come: mostly alike, some far away.
rc::Gen<std::vector<std::int64_t>> durations() {
    return rc::gen::mapcat(rc::gen::inRange<int>(1, 22), [](int magnitude) {
        auto const most = std::int64_t{1} << (2 * magnitude);
        return rc::gen::nonEmpty(rc::gen::container<std::vector<std::int64_t>>(rc::gen::oneOf(
            rc::gen::inRange<std::int64_t>(0, 1'000),
            rc::gen::inRange<std::int64_t>(0, std::min(most, std::int64_t{1} << 40)))));
    });
}

RC_GTEST_PROP(QuantileSketchProperty, QuantilesAreWithinOnePercentHoweverItIsMerged, ()) {
    auto const values = *durations();
    auto const parts = *rc::gen::inRange<std::size_t>(1, 10);
    std::vector<std::vector<std::int64_t>> shares(parts);
    for (auto const value : values) {
        shares[*rc::gen::inRange<std::size_t>(0, parts)].push_back(value);
    }
    Sketch merged;
    for (auto const& share : shares) {
        merged.merge(sketch_of(share));
    }
    RC_ASSERT(merged == sketch_of(values));
    for (double const part : {0.0, 0.5, 0.95, 0.99, 1.0}) {
        auto const exact = exact_quantile(values, part);
        auto const estimate = static_cast<double>(merged.quantile(part).count());
        RC_ASSERT(is_within(estimate, exact, 0.01));
    }
}

RC_GTEST_PROP(QuantileSketchProperty, ReadsBackWhatItWrote, ()) {
    auto const sketch = sketch_of(*durations());
    Bytes bytes;
    sketch.encode(bytes);
    auto const again = Sketch::decode(bytes);
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == sketch);
}

}  // namespace
}  // namespace muster
