// Any bytes as a sketch: refused, or read as one that is written the same again and whose quantiles
// rise.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include <muster/stats/sketch.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const bytes = std::as_bytes(std::span<std::uint8_t const>(data, size));
    auto sketch = muster::Sketch::decode(bytes);
    if (!sketch) {
        return 0;
    }
    muster::Bytes again;
    sketch->encode(again);
    require(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()));
    require(sketch->quantile(0.5) <= sketch->quantile(0.95));
    require(sketch->quantile(0.95) <= sketch->quantile(1));
    auto const count = sketch->count();
    auto const copy = *sketch;
    sketch->merge(copy);
    require(sketch->count() == 2 * count);
    require(sketch->quantile(0) == copy.quantile(0));
    return 0;
}
