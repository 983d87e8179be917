#pragma once

#include <memory>
#include <string>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/domain/url.hpp>

namespace muster {

/// A fetch under way. Destroying it ends it; its `done` then never runs.
class PageFetch {
public:
    virtual ~PageFetch() = default;
};

/// Gets single pages that projects serve about themselves. Loop thread only.
class PageSource {
public:
    virtual ~PageSource() = default;

    /// The body of an answer 200-299, as it came.
    using Done = UniqueFunction<void(Result<std::string>)>;

    /// GETs `url`. `done` runs exactly once, on the loop, never inside fetch(), at most `timeout` +
    /// 100 ms later. Errors: unavailable (not reached, or another HTTP status), timed_out, invalid
    /// (a URL that cannot be asked, a body longer than the source takes).
    [[nodiscard]] virtual std::unique_ptr<PageFetch> fetch(Url const& url, Millis timeout,
                                                           Done done) = 0;
};

}  // namespace muster
