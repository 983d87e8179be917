#include <muster/http/http_page_source.hpp>

#include <string>
#include <utility>

#include <fmt/format.h>

#include <muster/http/http_client.hpp>
#include <muster/http/secrets.hpp>

namespace muster {
namespace {

Result<std::string> page_of(HttpAnswer const& answer) {
    if (answer.failure) {
        auto const code =
            answer.failure->kind == Failure::Kind::timed_out ? Errc::timed_out : Errc::unavailable;
        return failure(code, answer.failure->text);
    }
    if (answer.head.status < 200 || answer.head.status > 299) {
        return failure(Errc::unavailable, fmt::format("HTTP error: {}", answer.head.status));
    }
    if (answer.body_is_cut) {
        return failure(Errc::invalid, fmt::format("the answer is longer than {} KiB",
                                                  HttpPageSource::kMaxBody / 1024));
    }
    return std::string(answer.body);
}

class HttpPageFetch final : public PageFetch, private HttpExchangeObserver {
public:
    HttpPageFetch(HttpRequest request, Secrets secrets, PageSource::Done done)
        : request_(std::move(request)), secrets_(std::move(secrets)), done_(std::move(done)) {}
    ~HttpPageFetch() override {
        if (exchange_ != nullptr) {
            exchange_->cancel();
        }
    }
    HttpPageFetch(HttpPageFetch const&) = delete;
    HttpPageFetch& operator=(HttpPageFetch const&) = delete;

    void start(HttpClient& client, Millis timeout) {
        exchange_ = client.start(request_, timeout, true, *this);
    }

private:
    /// `done` may destroy the fetch.
    void exchanged(HttpAnswer const& answer) override {
        exchange_ = nullptr;
        auto done = std::move(done_);
        auto page = page_of(answer);
        secrets_.hide_in(page ? *page : page.error().message);
        done(std::move(page));
    }

    HttpRequest const request_;
    Secrets const secrets_;
    PageSource::Done done_;
    HttpExchange* exchange_{nullptr};  // last: it calls back
};

/// Of a URL that cannot be asked.
class RefusedPage final : public PageFetch {
public:
    explicit RefusedPage(std::shared_ptr<PageSource::Done> done) : done_(std::move(done)) {}
    ~RefusedPage() override { *done_ = nullptr; }
    RefusedPage(RefusedPage const&) = delete;
    RefusedPage& operator=(RefusedPage const&) = delete;

private:
    std::shared_ptr<PageSource::Done> done_;
};

}  // namespace

std::unique_ptr<PageFetch> HttpPageSource::fetch(Url const& url, Millis timeout, Done done) {
    auto request = client_.prepare(url, {.accept = "application/json", .max_body_kept = kMaxBody});
    if (!request) {
        auto shared = std::make_shared<Done>(std::move(done));
        loop_.post([shared, error = std::move(request.error())] {
            if (auto refused = std::exchange(*shared, nullptr)) {
                refused(tl::unexpected(error));
            }
        });
        return std::make_unique<RefusedPage>(std::move(shared));
    }
    auto fetch =
        std::make_unique<HttpPageFetch>(std::move(*request), Secrets(url), std::move(done));
    fetch->start(client_, timeout);
    return fetch;
}

}  // namespace muster
