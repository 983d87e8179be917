// Any bytes as frames, and as the body of one frame whose checksum is right: refused, or a record
// that reads back as it was written.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include <muster/base/crc32c.hpp>
#include <muster/recording/journal_record.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

muster::Bytes written(muster::Record const& record) {
    muster::Bytes bytes;
    append_frame(bytes, record.position, record.body);
    return bytes;
}

void check(muster::FrameView const& frame) {
    auto const record = muster::decode_frame(frame);
    if (!record) {
        auto const code = record.error().code;
        require(code == muster::Errc::corrupt || code == muster::Errc::unsupported);
        return;
    }
    (void)muster::time_of(record->body);
    // By bytes: a NaN does not equal itself, and long texts were cut.
    auto const bytes = written(*record);
    auto const again = muster::decode_frames(bytes);
    require(again && again->size() == 1 && written(again->front()) == bytes);
}

void check_frames(muster::ByteView bytes) {
    muster::FrameScanner scanner(bytes);
    while (scanner.next() == muster::FrameScanner::Found::frame) {
        check(scanner.frame());
    }
    require(scanner.offset() <= bytes.size());
    auto const found = muster::find_frame(bytes, scanner.offset(), 0);
    require(!found || found->offset + found->size <= bytes.size());
}

void check_body(muster::ByteView body) {
    muster::Bytes frame;
    muster::ByteWriter writer(frame);
    writer.number(static_cast<std::uint32_t>(body.size()));
    writer.number(muster::crc32c(body));
    frame.insert(frame.end(), body.begin(), body.end());
    check_frames(frame);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const bytes = std::as_bytes(std::span<std::uint8_t const>(data, size));
    check_frames(bytes);
    check_body(bytes);
    return 0;
}
