#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace muster::detail {

/// Base of our readers of JSON events, in the shape that nlohmann's parser asks for. Everything is
/// accepted and nothing kept; a reader hides the events that it wants to see and calls the base's
/// for the nesting. `false` ends the reading. Nesting is bounded.
class SaxReader {
public:
    static constexpr std::size_t kMaxDepth = 64;

    bool null() { return true; }
    bool boolean(bool /*value*/) { return true; }
    bool number_integer(std::int64_t /*value*/) { return true; }
    bool number_unsigned(std::uint64_t /*value*/) { return true; }
    bool number_float(double /*value*/, std::string const& /*text*/) { return true; }
    bool string(std::string const& /*text*/) { return true; }
    template <class Binary>
    bool binary(Binary const& /*bytes*/) {
        return true;
    }
    bool key(std::string const& /*name*/) { return true; }
    bool start_object(std::size_t /*size*/) { return enter(); }
    bool start_array(std::size_t /*size*/) { return enter(); }
    bool end_object() { return leave(); }
    bool end_array() { return leave(); }
    template <class Exception>
    bool parse_error(std::size_t /*at*/, std::string const& /*token*/, Exception const& /*why*/) {
        return false;
    }

    [[nodiscard]] bool too_deep() const noexcept { return depth_ > kMaxDepth; }

protected:
    /// Containers open around what is read now; 1: the top-level object's or array's own elements.
    [[nodiscard]] std::size_t depth() const noexcept { return depth_; }

private:
    bool enter() {
        ++depth_;
        return !too_deep();
    }
    bool leave() {
        --depth_;
        return true;
    }

    std::size_t depth_{0};
};

}  // namespace muster::detail
