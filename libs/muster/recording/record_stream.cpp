#include <muster/recording/record_stream.hpp>

#include <algorithm>
#include <utility>
#include <variant>

#include <muster/recording/shrinking.hpp>

namespace muster {

Record const* RecordStream::next() {
    return advance(Wanted::all) ? &*record_ : nullptr;
}

Record const* RecordStream::next_lasting() {
    return advance(Wanted::lasting) ? &*record_ : nullptr;
}

std::vector<Record> RecordStream::rest() {
    std::vector<Record> records;
    while (advance(Wanted::all)) {
        records.push_back(std::move(*record_));
    }
    return records;
}

void RecordStream::pass_rest() {
    while (advance(Wanted::lasting)) {}
}

bool RecordStream::advance(Wanted wanted) {
    while (scanner_.next() == FrameScanner::Found::frame) {
        auto const& frame = scanner_.frame();
        if (wanted == Wanted::lasting && is_routine(static_cast<RecordKind>(frame.kind))) {
            ++passed_;
            continue;
        }
        auto record = decode_frame(frame);
        if (!record) {
            left_out_(record.error());
            continue;
        }
        ++passed_;
        record_ = std::move(*record);
        if (is_stand_in(*record_)) {
            auto const& gap = std::get<Gap>(record_->body);
            gone_ += gap.to - std::max(gap.from, after_ + 1) + 1;
        }
        return true;
    }
    return false;
}

}  // namespace muster
