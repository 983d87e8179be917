#pragma once

#include <cstddef>
#include <memory>

#include <muster/domain/outcome.hpp>
#include <muster/ports/prober.hpp>

namespace muster {

class HttpClient;
struct HttpAnswer;

/// Checks by HTTP: 200-299 passes, and a JSON body may make it worse (contract, section 2). No
/// redirect is followed. Loop thread only.
class HttpProber final : public Prober {
public:
    /// `client` must outlive the prober.
    explicit HttpProber(HttpClient& client) : client_(client) {}
    ~HttpProber() override;  ///< No probe may be left.
    HttpProber(HttpProber const&) = delete;
    HttpProber& operator=(HttpProber const&) = delete;

    [[nodiscard]] Result<std::unique_ptr<Probe>> prepare(ProbeSpec const& spec,
                                                         bool reuse) override;

private:
    HttpClient& client_;
    std::size_t probes_{0};
};

/// What an answer says of the service behind it.
[[nodiscard]] Outcome judge_answer(HttpAnswer const& answer);

}  // namespace muster
