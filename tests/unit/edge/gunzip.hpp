#pragma once

#include <array>
#include <string>
#include <string_view>

#include <zlib.h>

namespace muster {

/// What gzip was made of; empty where it is no whole gzip, or something stands behind it.
inline std::string gunzip(std::string_view packed) {
    constexpr int kGzipWindow = 15 + 16;
    z_stream stream{};
    if (inflateInit2(&stream, kGzipWindow) != Z_OK) {
        return {};
    }
    std::string text;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    int done = Z_OK;
    while (done == Z_OK) {
        std::array<char, 4096> some{};
        stream.next_out = reinterpret_cast<Bytef*>(some.data());
        stream.avail_out = static_cast<uInt>(some.size());
        done = inflate(&stream, Z_NO_FLUSH);
        text.append(some.data(), some.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    return done == Z_STREAM_END && stream.avail_in == 0 ? text : std::string();
}

}  // namespace muster
