#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <muster/base/result.hpp>
#include <muster/codec/json_conditions.hpp>
#include <muster/domain/http_expectation.hpp>
#include <muster/domain/outcome.hpp>
#include <muster/domain/text_pattern.hpp>

namespace muster {

struct HttpAnswer;

/// What an answer says of the service behind it: its status first, then what its body says of
/// itself (contract, section 2), then the conditions on the body in the order substring,
/// expression, JSON fields. A condition that a body which was cut cannot decide does not hold, in
/// words that say so. A value: what was made once is asked again and again, without allocating for
/// an answer that passes by its status alone.
class AnswerJudge {
public:
    /// 200-299 passes.
    AnswerJudge() = default;

    /// Errors: invalid, naming what of the expectation is wrong.
    [[nodiscard]] static Result<AnswerJudge> make(HttpExpectation const& expect);

    [[nodiscard]] Outcome judge(HttpAnswer const& answer) const;

    [[nodiscard]] bool accepts(std::uint16_t status) const noexcept;

    /// The body must be seen whole, as far as it may be.
    [[nodiscard]] bool needs_body() const noexcept {
        return !expect_.body.empty() || pattern_ || !json_.empty();
    }

private:
    [[nodiscard]] std::string wrong_status(std::uint16_t status) const;
    [[nodiscard]] std::string wrong_body(HttpAnswer const& answer) const;
    [[nodiscard]] bool matches(HttpAnswer const& answer) const;

    HttpExpectation expect_;
    std::optional<TextPattern> pattern_;
    JsonConditions json_;
};

}  // namespace muster
