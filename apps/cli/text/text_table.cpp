#include <cli/text/text_table.hpp>

#include <algorithm>
#include <utility>

namespace muster {
namespace {

constexpr std::string_view kGap = "  ";

void append_cell(std::string& out, TableCell const& cell, std::size_t width, Align align,
                 bool colour) {
    auto const blanks = width - shown_width(cell.text);
    if (align == Align::right) {
        out.append(blanks, ' ');
    }
    out += toned(cell.text, cell.tone, colour);
    if (align == Align::left) {
        out.append(blanks, ' ');
    }
}

}  // namespace

std::size_t shown_width(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U;
    }));
}

void TextTable::add(std::vector<TableCell> row) {
    row.resize(columns_.size(), TableCell(""));
    rows_.push_back(std::move(row));
}

std::string TextTable::text(bool colour) const {
    std::vector<TableCell> heading;
    std::vector<std::size_t> widths;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
        auto width = shown_width(columns_[column].title);
        for (auto const& row : rows_) {
            width = std::max(width, shown_width(row[column].text));
        }
        widths.push_back(width);
        heading.emplace_back(columns_[column].title);
    }
    std::string out;
    auto const append = [&](std::vector<TableCell> const& row) {
        std::string line;
        for (std::size_t column = 0; column < row.size(); ++column) {
            line += column == 0 ? std::string_view() : kGap;
            append_cell(line, row[column], widths[column], columns_[column].align, colour);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + '\n';
    };
    append(heading);
    std::for_each(rows_.begin(), rows_.end(), append);
    return out;
}

}  // namespace muster
