// Any bytes as a checkpoint, and as the body of one whose checksum is right: refused, or read back
// as it was written.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include <muster/base/crc32c.hpp>
#include <muster/recording/checkpoint.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

void check(muster::ByteView bytes) {
    auto const checkpoint = muster::decode_checkpoint(bytes);
    if (!checkpoint) {
        auto const code = checkpoint.error().code;
        require(code == muster::Errc::corrupt || code == muster::Errc::unsupported);
        return;
    }
    auto const written = muster::encode_checkpoint(*checkpoint);
    auto const again = muster::decode_checkpoint(written);
    require(again && muster::encode_checkpoint(*again) == written);
}

void check_body(muster::ByteView body) {
    auto bytes = muster::encode_checkpoint({});
    bytes.resize(12);  // magic and version
    muster::ByteWriter writer(bytes);
    writer.number(static_cast<std::uint64_t>(body.size()));
    writer.number(muster::crc32c(body));
    bytes.insert(bytes.end(), body.begin(), body.end());
    check(bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const bytes = std::as_bytes(std::span<std::uint8_t const>(data, size));
    check(bytes);
    check_body(bytes);
    return 0;
}
