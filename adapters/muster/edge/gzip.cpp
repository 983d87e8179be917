#include <muster/edge/gzip.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include <zlib.h>

namespace muster {
namespace {

/// From here on speed is worth more than the last percents of size.
constexpr std::size_t kLong = std::size_t{1} << 20U;
constexpr int kGzipWindow = 15 + 16;  ///< zlib's way to ask for the gzip format.
constexpr int kMemory = 8;

class Deflater {
public:
    explicit Deflater(int level) {
        ready_ = deflateInit2(&stream_, level, Z_DEFLATED, kGzipWindow, kMemory,
                              Z_DEFAULT_STRATEGY) == Z_OK;
    }
    ~Deflater() {
        if (ready_) {
            deflateEnd(&stream_);
        }
    }
    Deflater(Deflater const&) = delete;
    Deflater& operator=(Deflater const&) = delete;

    [[nodiscard]] bool ready() const noexcept { return ready_; }

    void add(std::string& out, std::string_view piece, bool last) {
        constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
        do {
            auto const size = std::min(piece.size(), kMost);
            // zlib reads through a pointer to non-const and does not write.
            stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
            stream_.avail_in = static_cast<uInt>(size);
            piece.remove_prefix(size);
            run(out, last && piece.empty() ? Z_FINISH : Z_NO_FLUSH);
        } while (!piece.empty());
    }

private:
    void run(std::string& out, int flush) {
        std::array<Bytef, 16'384> some{};
        do {
            stream_.next_out = some.data();
            stream_.avail_out = static_cast<uInt>(some.size());
            deflate(&stream_, flush);  // with room to write it cannot fail
            out.append(reinterpret_cast<char const*>(some.data()), some.size() - stream_.avail_out);
        } while (stream_.avail_out == 0);
    }

    z_stream stream_{};
    bool ready_{false};
};

}  // namespace

Result<std::string> gzip(Body const& body) {
    Deflater deflater(body.size() >= kLong ? Z_BEST_SPEED : Z_DEFAULT_COMPRESSION);
    if (!deflater.ready()) {
        return failure(Errc::full, "no memory to compress an answer");
    }
    std::string out;
    deflater.add(out, body.head, false);
    if (body.shared) {
        deflater.add(out, *body.shared, false);
    }
    deflater.add(out, body.tail, true);
    return out;
}

}  // namespace muster
