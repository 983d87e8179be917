#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <muster/base/enum_names.hpp>
#include <muster/ports/store.hpp>

namespace muster {

/// In what shape history is given out: a JSON array, a JSON object a line, or a table (RFC 4180).
enum class HistoryFormat : std::uint8_t { json, ndjson, csv };

constexpr EnumNames<HistoryFormat, 3> enum_names(HistoryFormat) {
    return {{{HistoryFormat::json, "json"},
             {HistoryFormat::ndjson, "ndjson"},
             {HistoryFormat::csv, "csv"}}};
}

/// Its media type.
[[nodiscard]] std::string_view media_type(HistoryFormat format) noexcept;

/// Writes rows of history one after another. A table has the keys of the JSON rows for its first
/// line, lines that end in CR LF, and nothing where JSON has null.
class HistoryText {
public:
    enum class Rows : std::uint8_t { checks, buckets };

    HistoryText(HistoryFormat format, Rows rows);

    void add(CheckRow const& row);
    void add(BucketRow const& row);

    [[nodiscard]] std::size_t size() const noexcept { return text_.size(); }
    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
    /// Once, after the last row.
    [[nodiscard]] std::string take();

private:
    void begin_row();
    void end_row();

    HistoryFormat const format_;
    std::string text_;
    std::uint64_t rows_{0};
};

}  // namespace muster
