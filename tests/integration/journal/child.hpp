#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include <sys/types.h>

#include <muster/journal/file_descriptor.hpp>

namespace muster::testing {

/// A forked process that tells numbers to its parent. Killed with -9 at the latest when this goes.
class Child {
public:
    using Tell = std::function<void(std::uint64_t)>;

    /// `work` runs in the child, which ends with it (or when the parent is gone).
    explicit Child(std::function<void(Tell const&)> const& work);
    ~Child() { kill(); }
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }

    /// Waits for the next number; nothing when the child has ended and all it told was taken.
    [[nodiscard]] std::optional<std::uint64_t> next();

    /// kill -9, and waits for the end. What it told before can still be taken.
    void kill();

private:
    pid_t pid_{-1};
    FileDescriptor pipe_;
};

}  // namespace muster::testing
