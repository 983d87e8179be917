#pragma once

namespace muster::testing {

/// UndefinedBehaviorSanitizer, which comes with AddressSanitizer here, looks at the kind of an
/// object through a pipe: where no descriptor is left it takes every object for an invalid one.
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kObjectsTakeDescriptors = true;
#else
inline constexpr bool kObjectsTakeDescriptors = false;
#endif

}  // namespace muster::testing
