#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <cli/text/tone.hpp>

namespace muster {

enum class Align : std::uint8_t { left, right };

struct TableCell {
    TableCell(std::string shown, Tone its = Tone::plain)  // NOLINT(google-explicit-constructor)
        : text(std::move(shown)), tone(its) {}

    std::string text;  ///< UTF-8 without escapes; every character is taken to be one column wide.
    Tone tone;
};

/// Rows under a heading, in columns as wide as their widest cell:
///   PROJECT  STATUS     TIME
///   shop     healthy   12 ms
class TextTable {
public:
    struct Column {
        std::string title;
        Align align{Align::left};
    };

    explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

    /// As many cells as there are columns.
    void add(std::vector<TableCell> row);

    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }

    /// Ends with a line end; without trailing blanks.
    [[nodiscard]] std::string text(bool colour) const;

private:
    std::vector<Column> columns_;
    std::vector<std::vector<TableCell>> rows_;
};

/// How many columns a text takes: its characters, not its bytes.
[[nodiscard]] std::size_t shown_width(std::string_view text) noexcept;

}  // namespace muster
