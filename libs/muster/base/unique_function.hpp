#pragma once

#include <absl/functional/any_invocable.h>

namespace muster {

/// A callable that is moved, never copied, so that it can own what it carries.
/// (std::move_only_function arrives with C++23.)
template <class Signature>
using UniqueFunction = absl::AnyInvocable<Signature>;

}  // namespace muster
