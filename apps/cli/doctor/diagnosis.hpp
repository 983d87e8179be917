#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <muster/base/enum_names.hpp>

namespace muster {

enum class Finding : std::uint8_t { ok, warning, failure };

constexpr EnumNames<Finding, 3> enum_names(Finding) {
    return {{{Finding::ok, "ok"}, {Finding::warning, "warn"}, {Finding::failure, "fail"}}};
}

/// What the doctor found about one part.
struct Diagnosis {
    std::string part;
    Finding finding{Finding::ok};
    std::string what;
    std::string advice{};  ///< What to do; empty of what is well.
};

/// Takes findings as they are made.
using Report = std::function<void(Diagnosis)>;

/// `ok    journal      …`, with the advice on a line of its own.
[[nodiscard]] std::string diagnosis_line(Diagnosis const& diagnosis, bool colour);

/// `12 tests: 10 ok, 1 warn, 1 fail`.
[[nodiscard]] std::string summary_line(std::vector<Diagnosis> const& diagnoses);

/// `{"healthy":…,"findings":[{"part":…,"finding":…,"what":…,"advice"?}]}`
[[nodiscard]] std::string diagnoses_json(std::vector<Diagnosis> const& diagnoses);

/// 0: all well; 1: something to look at; 2: something fails.
[[nodiscard]] int diagnosis_exit_code(std::vector<Diagnosis> const& diagnoses) noexcept;

}  // namespace muster
