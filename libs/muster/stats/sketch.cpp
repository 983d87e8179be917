#include <muster/stats/sketch.hpp>

#include <algorithm>
#include <cmath>

namespace muster {
namespace {

double const kLogGamma = std::log((1 + Sketch::kAccuracy) / (1 - Sketch::kAccuracy));

/// `micros` is at least 1.
std::uint32_t index_of(std::int64_t micros) noexcept {
    auto const bounded = std::min<std::int64_t>(micros, Sketch::kLongest.count());
    auto const index = std::ceil(std::log(static_cast<double>(bounded)) / kLogGamma);
    return std::min(static_cast<std::uint32_t>(index), Sketch::kMaxBins - 1);
}

/// The value that is equally far, in parts of itself, from both ends of the bin.
Micros middle_of(std::uint32_t index) noexcept {
    auto const upper = std::exp(index * kLogGamma);
    return Micros(std::llround(upper * (1 - Sketch::kAccuracy)));
}

void put_number(Bytes& out, std::uint64_t value) {
    while (value >= 0x80U) {
        out.push_back(static_cast<std::byte>(value | 0x80U));
        value >>= 7U;
    }
    out.push_back(static_cast<std::byte>(value));
}

/// Takes a number off the front; nothing where there is none, or one that put_number() would have
/// written shorter.
std::optional<std::uint64_t> take_number(ByteView& bytes) noexcept {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63 && !bytes.empty(); shift += 7) {
        auto const next = static_cast<std::uint64_t>(bytes.front());
        bytes = bytes.subspan(1);
        value |= (next & 0x7fU) << shift;
        if ((next & 0x80U) == 0) {
            return next == 0 && shift > 0 ? std::nullopt : std::optional(value);
        }
    }
    return std::nullopt;
}

}  // namespace

void Sketch::record(Micros duration) {
    ++count_;
    if (duration < Micros(1)) {
        ++zeros_;
    } else {
        add(index_of(duration.count()), 1);
    }
}

void Sketch::add(std::uint32_t index, std::uint64_t count) {
    auto const at =
        std::lower_bound(bins_.begin(), bins_.end(), index,
                         [](Bin const& bin, std::uint32_t wanted) { return bin.index < wanted; });
    if (at != bins_.end() && at->index == index) {
        at->count += count;
    } else {
        bins_.insert(at, Bin{index, count});
    }
}

void Sketch::merge(Sketch const& other) {
    std::vector<Bin> merged;
    merged.reserve(bins_.size() + other.bins_.size());
    auto mine = bins_.begin();
    for (auto const& bin : other.bins_) {
        while (mine != bins_.end() && mine->index < bin.index) {
            merged.push_back(*mine++);
        }
        merged.push_back(bin);
        if (mine != bins_.end() && mine->index == bin.index) {
            merged.back().count += mine->count;
            ++mine;
        }
    }
    merged.insert(merged.end(), mine, bins_.end());
    bins_ = std::move(merged);
    count_ += other.count_;
    zeros_ += other.zeros_;
}

Micros Sketch::quantile(double part) const {
    if (count_ == 0) {
        return Micros(0);
    }
    auto const upper = std::ceil(std::clamp(part, 0.0, 1.0) * static_cast<double>(count_));
    auto const rank = upper < 1 ? 0 : static_cast<std::uint64_t>(upper) - 1;
    auto seen = zeros_;
    if (seen > rank) {
        return Micros(0);
    }
    for (auto const& bin : bins_) {
        seen += bin.count;
        if (seen > rank) {
            return middle_of(bin.index);
        }
    }
    return bins_.empty() ? Micros(0) : middle_of(bins_.back().index);
}

void Sketch::encode(Bytes& out) const {
    put_number(out, zeros_);
    put_number(out, bins_.size());
    std::uint32_t before = 0;
    for (auto const& bin : bins_) {
        put_number(out, bin.index - before);
        put_number(out, bin.count - 1);
        before = bin.index;
    }
}

std::optional<Sketch> Sketch::decode(ByteView bytes) {
    // Sums of what may be merged over years must not overflow.
    constexpr std::uint64_t kMaxCount = std::uint64_t{1} << 56;
    auto const zeros = take_number(bytes);
    auto const size = zeros ? take_number(bytes) : std::nullopt;
    if (!size || *zeros > kMaxCount || *size > kMaxBins) {
        return std::nullopt;
    }
    Sketch sketch;
    sketch.zeros_ = *zeros;
    sketch.count_ = *zeros;
    sketch.bins_.reserve(*size);
    std::uint64_t index = 0;
    for (std::uint64_t number = 0; number < *size; ++number) {
        auto const distance = take_number(bytes);
        auto const less_one = distance ? take_number(bytes) : std::nullopt;
        if (!less_one || *distance >= kMaxBins || *less_one >= kMaxCount ||
            (number > 0 && *distance == 0)) {
            return std::nullopt;
        }
        index += *distance;
        if (index >= kMaxBins) {
            return std::nullopt;
        }
        sketch.bins_.push_back({static_cast<std::uint32_t>(index), *less_one + 1});
        sketch.count_ += *less_one + 1;
    }
    if (!bytes.empty() || sketch.count_ > kMaxCount) {
        return std::nullopt;
    }
    return sketch;
}

}  // namespace muster
