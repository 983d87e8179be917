#pragma once

#include <cstddef>
#include <memory>

#include <muster/ports/page_source.hpp>
#include <muster/runtime/loop.hpp>

namespace muster {

class HttpClient;

/// Gets pages over a connection of its own each time. Loop thread only.
class HttpPageSource final : public PageSource {
public:
    static constexpr std::size_t kMaxBody = 1024 * 1024;

    /// Both must outlive the source; `client` its fetches too.
    HttpPageSource(Loop& loop, HttpClient& client) : loop_(loop), client_(client) {}

    [[nodiscard]] std::unique_ptr<PageFetch> fetch(Url const& url, Millis timeout,
                                                   Done done) override;

private:
    Loop& loop_;
    HttpClient& client_;
};

}  // namespace muster
