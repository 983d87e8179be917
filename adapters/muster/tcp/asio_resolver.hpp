#pragma once

#include <memory>

#include <boost/system/error_code.hpp>

#include <muster/runtime/loop.hpp>
#include <muster/tcp/resolver.hpp>

namespace muster {

/// Names by the system's getaddrinfo(), on a thread of Asio's, one name after another; askers of
/// the same name share one question. A question that is stuck cannot be interrupted: its late
/// answer is ignored, names behind it wait, and the end of the program waits for it too.
/// TODO(truth): c-ares on the loop, with TTL, a deadline per question and stale answers.
class AsioResolver final : public Resolver {
public:
    /// `loop` must outlive the resolver.
    explicit AsioResolver(Loop& loop);
    ~AsioResolver() override;
    AsioResolver(AsioResolver const&) = delete;
    AsioResolver& operator=(AsioResolver const&) = delete;

    [[nodiscard]] std::unique_ptr<Query> resolve(std::string const& host, Done done) override;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

/// What an error of getaddrinfo() says about `host`.
[[nodiscard]] Failure resolve_failure(boost::system::error_code const& error,
                                      std::string const& host);

}  // namespace muster
