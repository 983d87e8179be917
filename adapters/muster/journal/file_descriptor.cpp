#include <muster/journal/file_descriptor.hpp>

#include <unistd.h>

namespace muster {

void FileDescriptor::close() noexcept {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

}  // namespace muster
