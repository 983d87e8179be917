#pragma once

#include <muster/config/mapping.hpp>
#include <muster/config/reading.hpp>
#include <muster/domain/http_expectation.hpp>

namespace muster::config {

/// What an answer must be in order to pass: the value of `expect`.
[[nodiscard]] HttpExpectation read_expectation(Reading& reading, Field const& field);

}  // namespace muster::config
