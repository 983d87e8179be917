#include <muster/domain/zone_offsets.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace muster {

ZoneOffsets::ZoneOffsets(std::vector<ZoneOffset> offsets) : offsets_(std::move(offsets)) {
    if (offsets_.empty()) {
        offsets_.emplace_back();
    }
}

Millis ZoneOffsets::at(WallTime time) const noexcept {
    auto const behind =
        std::upper_bound(offsets_.begin(), offsets_.end(), time,
                         [](WallTime left, ZoneOffset const& right) { return left < right.from; });
    return behind == offsets_.begin() ? behind->offset : std::prev(behind)->offset;
}

ZoneOffsets::Moments ZoneOffsets::moments_of(Millis local) const noexcept {
    std::optional<Moments> shown;
    for (std::size_t index = 0; index < offsets_.size(); ++index) {
        WallTime const moment{local - offsets_[index].offset};
        bool const begun = index == 0 || moment >= offsets_[index].from;
        bool const over = index + 1 < offsets_.size() && moment >= offsets_[index + 1].from;
        if (begun && !over) {
            shown = Moments{shown ? shown->first : moment, moment};
        }
    }
    if (shown) {
        return *shown;
    }
    // The first jump that leads beyond it leapt over it.
    auto const jump =
        std::find_if(offsets_.begin() + 1, offsets_.end(), [local](ZoneOffset const& offset) {
            return offset.from.time_since_epoch() + offset.offset > local;
        });
    auto const at = jump == offsets_.end() ? offsets_.back().from : jump->from;
    return {at, at};
}

}  // namespace muster
