#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace muster {

/// What a failure asks the caller to do. The code decides, the message only explains.
enum class Errc : std::uint8_t {
    invalid,      ///< The input is wrong; repeating it cannot help. Tell the person who wrote it.
    not_found,    ///< The named thing does not exist.
    conflict,     ///< The state does not allow it (already there, owned by somebody else, stale).
    unavailable,  ///< The other side is away. Retry later with back-off.
    in_doubt,     ///< It may or may not have happened. Look before repeating.
    timed_out,    ///< The deadline passed.
    full,         ///< A bound was reached (queue, disk, descriptors). Retry when there is room.
    corrupt,      ///< Stored bytes are not what was written. Do not go on with them.
    unsupported,  ///< Written by a newer version, or a kind that is not built.
    internal,     ///< A bug of ours.
};

struct Error {
    Errc code{Errc::internal};
    std::string message;  ///< One line, plain words, no secrets; names the thing at fault.
};

template <class T>
using Result = tl::expected<T, Error>;

/// Shorthand for `return failure(Errc::invalid, "...")`.
[[nodiscard]] inline tl::unexpected<Error> failure(Errc code, std::string message) {
    return tl::unexpected<Error>(Error{code, std::move(message)});
}

/// The same error with `context: ` before its message: context is built on the way up.
[[nodiscard]] inline tl::unexpected<Error> prefixed(std::string_view context, Error error) {
    error.message.insert(0, std::string(context) + ": ");
    return tl::unexpected<Error>(std::move(error));
}

}  // namespace muster
