#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <support/row.hpp>

namespace muster::bench {

/// What a bench program was asked to do: `--only TEXT`, `--json FILE`, and `--name N` for each
/// number that it knows.
class Request {
public:
    /// `numbers`: those it knows, with their defaults. Throws std::invalid_argument.
    Request(std::vector<std::string> const& arguments, std::map<std::string, double> numbers);

    [[nodiscard]] double number(std::string const& name) const { return numbers_.at(name); }
    [[nodiscard]] std::size_t count(std::string const& name) const {
        return static_cast<std::size_t>(number(name));
    }
    /// Whether a row of this name is wanted: it contains what `--only` says.
    [[nodiscard]] bool wants(std::string const& row) const {
        return row.find(only_) != std::string::npos;
    }
    [[nodiscard]] std::string const& json() const noexcept { return json_; }

private:
    std::map<std::string, double> numbers_;
    std::string only_;
    std::string json_;
};

/// The rows of a program, in their order. Each stands in the file as soon as it is here.
class Report {
public:
    /// `path` empty: standard output, at the end.
    explicit Report(std::string path) : path_(std::move(path)) {}

    void add(Row const& row);
    void end() const;

private:
    [[nodiscard]] std::string text() const;

    std::string const path_;
    std::vector<std::string> rows_;
};

using Body = std::function<void(Request const&, Report&)>;

/// The whole of a bench program's main(): its exit code. What is thrown is told on standard error.
[[nodiscard]] int run_program(int count, char** arguments, std::map<std::string, double> numbers,
                              Body const& body);

/// The folder of the program itself, where the others lie too.
[[nodiscard]] std::string folder_of_programs();

}  // namespace muster::bench
