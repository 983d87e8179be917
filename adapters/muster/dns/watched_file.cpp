#include <muster/dns/watched_file.hpp>

#include <fstream>

#include <sys/stat.h>

namespace muster {

bool WatchedFile::has_changed() {
    Version now;
    struct stat found {};
    if (::stat(path_.c_str(), &found) == 0) {
        now = {found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
    }
    if (seen_ == now) {
        return false;
    }
    seen_ = now;
    return true;
}

std::string WatchedFile::read() const {
    std::ifstream file(path_, std::ios::binary);
    std::string text;
    constexpr std::size_t kPiece = 4096;
    while (file && text.size() < kMaxSize) {
        auto const before = text.size();
        text.resize(before + kPiece);
        file.read(text.data() + before, kPiece);
        text.resize(before + static_cast<std::size_t>(file.gcount()));
    }
    return text;
}

}  // namespace muster
