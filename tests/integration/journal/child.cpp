#include <integration/journal/child.hpp>

#include <array>
#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

namespace muster::testing {

Child::Child(std::function<void(Tell const&)> const& work) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) {
        return;
    }
    FileDescriptor reading(ends[0]);
    FileDescriptor const writing(ends[1]);
    pid_ = ::fork();
    if (pid_ == 0) {
        reading = FileDescriptor();
        work([&writing](std::uint64_t number) {
            if (::write(writing.get(), &number, sizeof number) != sizeof number) {
                ::_exit(1);
            }
        });
        ::_exit(0);
    }
    pipe_ = std::move(reading);
}

std::optional<std::uint64_t> Child::next() {
    std::uint64_t number = 0;
    if (::read(pipe_.get(), &number, sizeof number) != sizeof number) {
        return std::nullopt;
    }
    return number;
}

void Child::kill() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
}

}  // namespace muster::testing
