#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <muster/stats/figure_sheet.hpp>

namespace muster {

/// Writes the text format 0.0.4 of Prometheus: a family's head, then its figures, in the order of
/// the calls.
class MetricsText {
public:
    static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    /// Before the figures of this name, once.
    void family(std::string_view name, FigureType type, std::string_view help);

    /// A figure of one number.
    void figure(std::string_view name, Labels labels, double value);

    /// All families of a sheet, by name.
    void sheet(FigureSheet const& sheet);

    [[nodiscard]] std::string const& text() const noexcept { return text_; }
    /// Room for about this many bytes, to grow once.
    void reserve(std::size_t bytes) { text_.reserve(bytes); }
    [[nodiscard]] std::string take() noexcept { return std::move(text_); }

private:
    void histogram(std::string_view name, Figure const& figure);

    std::string text_;
};

}  // namespace muster
