// Whatever a person writes as an expression: it is read or refused with a reason, and what was read
// can be worked out: its steps leave exactly one finite number.

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <muster/domain/metrics_expression.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

/// How many numbers lie on the stack in the end; -1 if there were ever too few.
int depth_after(muster::MetricsExpression const& expression) {
    using Op = muster::MetricsExpression::Op;
    int depth = 0;
    for (auto const& step : expression.steps) {
        if (step.op == Op::constant || step.op == Op::reading) {
            ++depth;
        } else if (step.op == Op::per_second) {
            require(depth >= 1);
        } else {
            require(depth >= 2);
            --depth;
        }
        require(step.op != Op::reading || step.reading < expression.readings.size());
    }
    return depth;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const expression = muster::parse_metrics_expression(text);
    if (!expression) {
        require(expression.error().code == muster::Errc::invalid);
        require(!expression.error().message.empty());
        return 0;
    }
    require(depth_after(*expression) == 1);
    std::vector<double> values(expression->readings.size(), 2.5);
    require(std::isfinite(muster::evaluate(*expression, values, 30)));
    for (auto const& reading : expression->readings) {
        require(!reading.series.name.empty());
        for (auto const& matcher : reading.series.matchers) {
            (void)matcher.accepts(text);
        }
    }
    return 0;
}
