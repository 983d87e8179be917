#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include <muster/http/answer_parser.hpp>

namespace muster {

/// What became of one header line.
enum class FieldUse : std::uint8_t {
    ignored,
    taken,
    malformed,
};

struct FieldRead {
    FieldUse use{FieldUse::ignored};
    std::string_view problem;  ///< Of a malformed one: `Content-Length is not a number`.
};

/// Reads one header line (RFC 9112 section 5) without its line end into `head`.
[[nodiscard]] FieldRead read_field(std::string_view line, AnswerHead& head);

enum class NumberError : std::uint8_t {
    not_a_number,
    too_large,  ///< For 64 bits.
};

/// Digits only (RFC 9110 section 8.6), no sign.
[[nodiscard]] tl::expected<std::uint64_t, NumberError> parse_decimal(
    std::string_view text) noexcept;

/// The size that a chunk's first line names, extensions ignored (RFC 9112 section 7.1).
[[nodiscard]] tl::expected<std::uint64_t, NumberError> parse_chunk_size(
    std::string_view line) noexcept;

[[nodiscard]] std::string_view trim_blanks(std::string_view text) noexcept;

}  // namespace muster
