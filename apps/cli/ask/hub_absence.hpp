#pragma once

#include <iosfwd>

#include <muster/base/result.hpp>

namespace muster {

/// Tells once that the hub is away, and once that it is back: what a command that goes on does with
/// an error that passes.
class HubAbsence {
public:
    explicit HubAbsence(std::ostream& err) : err_(err) {}

    /// Whether the error is one that passes by itself; then it was told, if it is the first.
    [[nodiscard]] bool is_one(Error const& error);
    /// The hub answered.
    void over();

private:
    std::ostream& err_;
    bool away_{false};
};

}  // namespace muster
