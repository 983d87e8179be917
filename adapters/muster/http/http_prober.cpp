#include <muster/http/http_prober.hpp>

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include <muster/http/certificate_note.hpp>
#include <muster/http/http_client.hpp>
#include <muster/http/http_endpoint.hpp>
#include <muster/http/outcome_of_many.hpp>
#include <muster/http/request_text.hpp>

namespace muster {
namespace {

class HttpProbe final : public Probe, private HttpEndpointObserver {
public:
    HttpProbe(std::size_t& count, HttpProbePlan plan) : count_(count), plan_(std::move(plan)) {
        ++count_;
    }
    ~HttpProbe() override {
        HttpProbe::cancel();
        --count_;
    }
    HttpProbe(HttpProbe const&) = delete;
    HttpProbe& operator=(HttpProbe const&) = delete;

    [[nodiscard]] Result<void> add(RequestSpec const& request, bool fallback) {
        auto endpoint = HttpEndpoint::make(plan_, request, fallback, endpoints_.size());
        if (!endpoint) {
            return tl::unexpected(std::move(endpoint.error()));
        }
        endpoints_.push_back(*std::move(endpoint));
        return {};
    }

    /// How errors call the URLs, in the order in which they were added: where there are several.
    void name(std::vector<std::string> names) {
        outcomes_.reserve(names.size());
        for (auto& name : names) {
            outcomes_.push_back({std::move(name), {}});
        }
    }

    void start(ProbeRun const& run, ProbeObserver& observer, std::uint64_t token) override {
        assert(running_ == 0 && "one run at a time");
        observer_ = &observer;
        token_ = token;
        running_ = endpoints_.size();
        for (auto const& endpoint : endpoints_) {
            endpoint->start(run, *this);
        }
    }

    void cancel() override {
        running_ = 0;
        for (auto const& endpoint : endpoints_) {
            endpoint->cancel();
        }
    }

private:
    void checked(std::size_t index, Outcome outcome) override {
        --running_;
        if (endpoints_.size() == 1) {
            finish(std::move(outcome));
            return;
        }
        outcomes_[index].outcome = std::move(outcome);
        if (running_ == 0) {
            finish(outcome_of_many(outcomes_));
        }
    }

    /// The observer may destroy the probe: nothing is touched after it was told.
    void finish(Outcome outcome) {
        if (outcome.certificate_expires) {
            tell_expiry(outcome);
        }
        std::exchange(observer_, nullptr)->probed(token_, std::move(outcome));
    }

    void tell_expiry(Outcome& outcome) const {
        auto const now = plan_.client.clock().now().wall;
        bool const said = outcome.verdict != Verdict::passed && *outcome.certificate_expires <= now;
        auto const note = certificate_note(*outcome.certificate_expires, now);
        if (!said && !note.empty()) {
            outcome.note.append(outcome.note.empty() ? "" : "; ").append(note);
        }
    }

    std::size_t& count_;
    HttpProbePlan const plan_;
    std::vector<EndpointOutcome> outcomes_;  ///< In the order of the URLs; of one none.
    ProbeObserver* observer_{nullptr};
    std::uint64_t token_{0};
    std::size_t running_{0};
    std::vector<std::unique_ptr<HttpEndpoint>> endpoints_;  // last: they call back
};

Result<void> check_spec(HttpProbeSpec const& spec, AnswerJudge const& judge) {
    if (spec.more_urls.size() >= HttpProber::kMostUrls) {
        return failure(Errc::invalid,
                       fmt::format("a probe has at most {} URLs", HttpProber::kMostUrls));
    }
    if (spec.redirects > HttpProber::kMostRedirects) {
        return failure(Errc::invalid, fmt::format("a probe follows at most {} redirects",
                                                  HttpProber::kMostRedirects));
    }
    if (spec.method == HttpMethod::head && judge.needs_body()) {
        return failure(Errc::invalid, "the answer to a HEAD has no body to expect anything of");
    }
    if (spec.method == HttpMethod::head && !spec.body.empty()) {
        return failure(Errc::invalid, "a HEAD is sent without a body: use POST");
    }
    return check_headers(spec.headers);
}

/// The URLs in order.
std::vector<Url> urls_of(HttpProbeSpec const& spec) {
    std::vector<Url> urls{spec.url};
    urls.insert(urls.end(), spec.more_urls.begin(), spec.more_urls.end());
    return urls;
}

/// By its path, and its host where not all have the same.
std::string name_among(Url const& url, std::vector<Url> const& urls) {
    bool const one_host = std::all_of(urls.begin(), urls.end(), [&url](Url const& other) {
        return other.scheme == url.scheme && other.host == url.host && other.port == url.port;
    });
    return one_host ? url.target.substr(0, url.target.find('?')) : place_of(url);
}

}  // namespace

HttpProber::~HttpProber() {
    assert(probes_ == 0 && "probes must not outlive their prober");
}

Result<std::unique_ptr<Probe>> HttpProber::prepare(ProbeSpec const& spec, bool reuse) {
    auto const* const http = std::get_if<HttpProbeSpec>(&spec);
    if (http == nullptr) {
        return failure(Errc::unsupported,
                       std::string("probe kind not built: ").append(kind_of(spec)));
    }
    auto judge = AnswerJudge::make(http->expect);
    if (!judge) {
        return tl::unexpected(std::move(judge.error()));
    }
    if (auto checked = check_spec(*http, *judge); !checked) {
        return tl::unexpected(std::move(checked.error()));
    }
    auto probe = std::make_unique<HttpProbe>(probes_, HttpProbePlan{.client = client_,
                                                                    .judge = *std::move(judge),
                                                                    .secrets = Secrets(*http),
                                                                    .redirects = http->redirects,
                                                                    .ip = http->ip,
                                                                    .reuse = reuse});
    auto const urls = urls_of(*http);
    std::vector<std::string> names;
    for (auto const& url : urls) {
        RequestSpec const request{url, http->method, http->headers, http->body, http->tls};
        if (auto added = probe->add(request, http->fallback); !added) {
            return tl::unexpected(std::move(added.error()));
        }
        names.push_back(name_among(url, urls));
    }
    if (urls.size() > 1) {
        probe->name(std::move(names));
    }
    return probe;
}

}  // namespace muster
