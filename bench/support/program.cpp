#include <support/program.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <sys/resource.h>

namespace muster::bench {
namespace {

double number_from(std::string const& name, std::string const& value) {
    char* end = nullptr;
    auto const number = std::strtod(value.c_str(), &end);
    if (value.empty() || *end != '\0' || number < 0) {
        throw std::invalid_argument(
            fmt::format("--{} wants a number from 0, not '{}'", name, value));
    }
    return number;
}

/// A connection is a descriptor, and some programs have thousands.
void take_all_descriptors() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

}  // namespace

Request::Request(std::vector<std::string> const& arguments, std::map<std::string, double> numbers)
    : numbers_(std::move(numbers)) {
    for (std::size_t index = 0; index < arguments.size(); index += 2) {
        auto const& option = arguments[index];
        if (index + 1 == arguments.size()) {
            throw std::invalid_argument(option + " wants a value");
        }
        auto const& value = arguments[index + 1];
        if (option == "--json") {
            json_ = value;
        } else if (option == "--only") {
            only_ = value;
        } else if (auto const known = numbers_.find(option.substr(option.find_first_not_of('-')));
                   option.starts_with("--") && known != numbers_.end()) {
            known->second = number_from(known->first, value);
        } else {
            std::string all;
            for (auto const& [name, number] : numbers_) {
                all += fmt::format(" --{} ({})", name, number);
            }
            throw std::invalid_argument(
                fmt::format("what is {}? There are --json, --only,{}", option, all));
        }
    }
}

void Report::add(Row const& row) {
    rows_.push_back(to_json(row));
    fmt::print(stderr, "  {}: {:.4g} {}\n", row.name, median(row.ours), row.unit);
    if (!path_.empty()) {
        std::ofstream file(path_);
        if (!(file << text())) {
            throw std::runtime_error("cannot write " + path_);
        }
    }
}

void Report::end() const {
    if (path_.empty()) {
        fmt::print("{}", text());
    }
}

std::string Report::text() const {
    return fmt::format("{{\"rows\":[\n{}\n]}}\n", fmt::join(rows_, ",\n"));
}

int run_program(int count, char** arguments, std::map<std::string, double> numbers,
                Body const& body) {
    try {
        Request const request({arguments + 1, arguments + count}, std::move(numbers));
        take_all_descriptors();
        Report report(request.json());
        body(request, report);
        report.end();
        return 0;
    } catch (std::exception const& error) {
        fmt::print(stderr, "{}: {}\n", arguments[0], error.what());
        return 1;
    }
}

std::string folder_of_programs() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
}

}  // namespace muster::bench
