#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/domain/outcome.hpp>
#include <muster/http/answer_judge.hpp>
#include <muster/http/exchange.hpp>
#include <muster/http/redirect.hpp>
#include <muster/http/secrets.hpp>
#include <muster/ports/prober.hpp>

namespace muster {

class HttpClient;

/// What all URLs of a probe have in common.
struct HttpProbePlan {
    HttpClient& client;
    AnswerJudge judge;
    Secrets secrets;
    std::uint8_t redirects{0};
    IpFamily ip{IpFamily::any};
    bool reuse{false};
};

/// Told what an endpoint gave; may destroy it.
class HttpEndpointObserver {
public:
    virtual void checked(std::size_t index, Outcome outcome) = 0;

protected:
    ~HttpEndpointObserver() = default;
};

/// One URL of a probe, checked again and again: follows redirects and finds the health path where
/// the plan says so, all within the run's deadline. Its outcome's response time goes from the first
/// request to the verdict, and each phase is the sum over all requests of the run; connection,
/// resumption and status are the last request's. Loop thread only.
///
/// With fallback the known paths are asked in turn until one answers: is accepted, or fails in a
/// way that only something which is there can (an error of 500 and more but 501, a broken
/// connection). The last accepted one is asked first from then on. While none answers, a check asks
/// that one and one of the others, in turn: never all of them again and again.
class HttpEndpoint final : private HttpExchangeObserver {
public:
    static constexpr std::array<std::string_view, 4> kFallbackPaths{"/health", "/api/health",
                                                                    "/status", "/ping"};

    /// `plan` must outlive it. Errors: as HttpClient::prepare().
    [[nodiscard]] static Result<std::unique_ptr<HttpEndpoint>> make(HttpProbePlan const& plan,
                                                                    RequestSpec const& request,
                                                                    bool fallback,
                                                                    std::size_t index);
    virtual ~HttpEndpoint() { cancel(); }
    HttpEndpoint(HttpEndpoint const&) = delete;
    HttpEndpoint& operator=(HttpEndpoint const&) = delete;

    /// The observer is told exactly once, never inside start().
    void start(ProbeRun const& run, HttpEndpointObserver& observer);

    /// Ends it at once; the observer is never told.
    void cancel() noexcept;

private:
    struct Step {
        std::unique_ptr<RequestSpec const> spec;  ///< Where redirects are followed; else null.
        HttpRequest request;
    };

    HttpEndpoint(HttpProbePlan const& plan, std::size_t index) : plan_(plan), index_(index) {}

    [[nodiscard]] Result<Step> prepare(RequestSpec spec) const;
    void choose_paths();
    void ask_path();
    void send(HttpRequest const& request);
    void exchanged(HttpAnswer const& answer) override;
    void add_up(HttpAnswer const& answer);
    /// True: the answer is a redirect, and is being followed. Where one cannot be, `outcome` says
    /// why.
    [[nodiscard]] bool follow(HttpAnswer const& answer, Outcome& outcome);
    [[nodiscard]] bool prepare_hop(HttpAnswer const& answer, Outcome& outcome);
    [[nodiscard]] bool was_asked(RequestSpec const& spec) const;
    [[nodiscard]] bool is_there(HttpAnswer const& answer) const noexcept;
    void decide(HttpAnswer const& answer, Outcome outcome);
    void finish(Outcome outcome);
    [[nodiscard]] Step const& current() const noexcept;

    HttpProbePlan const& plan_;
    std::size_t const index_;
    std::vector<Step> paths_;  ///< One, or the fallback paths.
    std::vector<Step> hops_;   ///< Of the last redirects; those of the same way are used again.

    // What is known of the fallback paths.
    std::size_t favourite_{0};  ///< The last accepted one.
    std::size_t other_{0};      ///< The one asked last beside it, while none answers.
    bool none_answers_{false};

    // The run.
    HttpEndpointObserver* observer_{nullptr};
    ProbeRun run_;
    Micros elapsed_{0};
    Phases phases_;
    std::optional<WallTime> certificate_expires_;
    std::array<std::size_t, kFallbackPaths.size()> order_{};  ///< Of the paths to be asked.
    std::size_t to_ask_{0};
    std::size_t asked_{0};
    std::size_t hop_{0};                      ///< Redirects followed from the path.
    std::unique_ptr<Outcome> first_outcome_;  ///< While further paths are asked.
    HttpExchange* exchange_{nullptr};         // last: it calls back
};

}  // namespace muster
