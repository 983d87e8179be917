#include <cli/new_file.hpp>

#include <cerrno>
#include <cstddef>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace muster {
namespace {

std::string told(int number) {
    return std::generic_category().message(number);
}

bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
        auto const written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// Puts what was written in its place. A link does not replace, a rename does.
bool put_in_place(std::string const& from, std::string const& to, bool overwrite) {
    if (overwrite) {
        return ::rename(from.c_str(), to.c_str()) == 0;
    }
    if (::link(from.c_str(), to.c_str()) != 0) {
        return false;
    }
    ::unlink(from.c_str());
    return true;
}

/// The rights of a file that this process makes as others do.
mode_t usual_mode() {
    auto const mask = ::umask(0);
    ::umask(mask);
    return 0666U & ~mask;
}

}  // namespace

Result<void> write_new_file(std::string const& path, std::string const& text, bool overwrite,
                            ReadableBy readers) {
    auto temporary = path + ".XXXXXX";
    auto const file = ::mkstemp(temporary.data());  // readable by its owner only
    if (file < 0) {
        return failure(Errc::unavailable, path + ": " + told(errno));
    }
    bool const written = write_all(file, text) &&
                         (readers == ReadableBy::owner || ::fchmod(file, usual_mode()) == 0) &&
                         ::fsync(file) == 0;
    auto failed = written ? 0 : errno;
    ::close(file);
    if (written && !put_in_place(temporary, path, overwrite)) {
        failed = errno;
    }
    if (failed == 0) {
        return {};
    }
    ::unlink(temporary.c_str());
    if (failed == EEXIST) {
        return failure(Errc::conflict, path + ": is there already: --force overwrites it");
    }
    return failure(Errc::unavailable, path + ": " + told(failed));
}

}  // namespace muster
