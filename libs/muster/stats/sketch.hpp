#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <muster/base/bytes.hpp>
#include <muster/base/time.hpp>

namespace muster {

/// The distribution of durations in little space, mergeable: DDSketch (Masson, Rim, Lee: "DDSketch:
/// A Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees", VLDB 2019).
///
/// A duration of x µs counts in bin ceil(log_g(x)) with g = (1 + a) / (1 - a), so whatever a bin
/// holds is within a part `a` of the bin's middle: a quantile is off by at most kAccuracy of
/// itself, however many sketches were merged in whatever order. Below 1 µs counts as 0, above
/// kLongest as kLongest, so there are at most kMaxBins bins and none is ever collapsed. A value.
class Sketch {
public:
    static constexpr double kAccuracy = 0.0075;  ///< `a`; leaves room for rounding under 1 %.
    static constexpr Micros kLongest{std::int64_t{1} << 40};  ///< 12.7 days.
    static constexpr std::uint32_t kMaxBins = 1'850;          ///< kLongest lies in the last.

    struct Bin {
        std::uint32_t index{0};  ///< From 0, which holds 1 µs, to kMaxBins - 1.
        std::uint64_t count{0};  ///< > 0.

        bool operator==(Bin const&) const = default;
    };

    void record(Micros duration);

    /// As if everything that `other` recorded had been recorded here.
    void merge(Sketch const& other);

    /// The duration below or at which a part (0-1) of all recorded ones lies, by the nearest rank
    /// ceil(part * count): of few ones a high part gives the largest. 0 if empty.
    [[nodiscard]] Micros quantile(double part) const;

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }

    bool operator==(Sketch const&) const = default;

    /// Appends: the zeros, the number of bins, then for each the distance of its index from the one
    /// before and its count less one, all as LEB128. A lone duration takes 5 bytes.
    void encode(Bytes& out) const;
    /// Nothing for bytes that encode() does not write.
    [[nodiscard]] static std::optional<Sketch> decode(ByteView bytes);

private:
    void add(std::uint32_t index, std::uint64_t count);

    std::uint64_t count_{0};
    std::uint64_t zeros_{0};
    std::vector<Bin> bins_;  // by index
};

}  // namespace muster
