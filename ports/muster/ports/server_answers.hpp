#pragma once

#include <cstdint>

namespace muster {

/// What a server says, counted: that of a store or bus which lies beyond this process. What grows
/// is at work, however long a call takes; what does not has fallen silent.
class ServerAnswers {
public:
    virtual ~ServerAnswers() = default;

    /// How often it has answered anything since this object was made, parts of what is under way
    /// included. Any thread.
    [[nodiscard]] virtual std::uint64_t answers() const = 0;
};

}  // namespace muster
